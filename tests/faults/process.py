"""``run_log_pipeline`` as a process that a test watches, stops and kills."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.waiting import wait_until

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_ENDS_WITHIN_S: Final = 60
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_ROW: Final = re.compile(r"│ (?P<what>[^│]+) │ +(?P<count>[\d,]+) │")


class PipelineProcess:
    """``run_log_pipeline`` as a process; killed at the end of the block if it still runs."""

    def __init__(
        self, folder: Path, arguments: tuple[str, ...], environment: Mapping[str, str]
    ) -> None:
        number = len(list(folder.glob("pipeline-*.out")))
        self._out = folder / f"pipeline-{number}.out"
        self._err = folder / f"pipeline-{number}.err"
        command = [sys.executable, "-m", "tests.faults.pipeline_process", "run_log_pipeline"]
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [*command, *arguments],
                cwd=_ROOT,
                env=dict(environment),
                stdout=out,
                stderr=err,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.kill()

    @property
    def log(self) -> str:
        """What it has written to stderr."""
        return self._err.read_text()

    @property
    def summary(self) -> dict[str, int]:
        """The table of its end: totals, and parts such as an index or a reason by their name."""
        found = _ROW.finditer(self._out.read_text())
        return {row["what"].strip(): int(row["count"].replace(",", "")) for row in found}

    @property
    def most_memory(self) -> int:
        """The largest resident set it ever had, in bytes; only while it runs."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(_PEAK.findall(status)[0]) * 1024

    def until(self, condition: Callable[[], bool], seconds: float = _ENDS_WITHIN_S) -> None:
        """Waits for it; fails, with the log, when the process does not live to see it."""
        wait_until(lambda: condition() or self.process.poll() is not None, seconds)
        assert condition(), self.log

    def wait(self, seconds: float = _ENDS_WITHIN_S) -> int:
        """The exit code; negative for a signal."""
        return self.process.wait(seconds)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.wait()

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
