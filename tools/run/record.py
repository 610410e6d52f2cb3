"""What runs now, written under ``var/run`` where another shell finds it; and who may start."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

import psutil

from heartrisk_site.environment import BadConfiguration

_LEFTOVER_ENDS_WITHIN_S: Final = 20


class Record:
    """``var/run/lock``, held as long as this process lives, and ``var/run/processes.json``."""

    def __init__(self, var_dir: Path) -> None:
        self._folder = var_dir / "run"
        self._file = self._folder / "processes.json"
        self._lock: IO[str] | None = None

    def claim(self) -> None:
        """Takes the lock, or says in one line who has it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = (self._folder / "lock").open("a", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise BadConfiguration(_already_running(self.read())) from None
        self._lock = lock

    def read(self) -> dict[str, Any]:
        """{} where nothing runs and the last run ended in order."""
        try:
            recorded: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return recorded

    def write(self, url: str, pids: Mapping[str, int]) -> None:
        """Each process with its time of birth: the system hands out a pid again and again."""
        born = {name: _born(pid) for name, pid in pids.items()}
        services = {name: {"pid": pid, "born": born[name]} for name, pid in pids.items()}
        recorded = {"supervisor": os.getpid(), "url": url, "services": services}
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(recorded, indent=2), encoding="utf-8")
        beside.replace(self._file)

    def clear(self) -> None:
        """An orderly end: nothing runs, another may start."""
        self._file.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()

    def end_leftovers(self) -> list[str]:
        """Ends what a killed supervisor left running; returns the names of what it found."""
        services: dict[str, dict[str, Any]] = self.read().get("services", {})
        found = [name for name, known in services.items() if _end(known["pid"], known["born"])]
        self._file.unlink(missing_ok=True)
        return found


def _born(pid: int) -> float:
    """Seconds since the epoch; 0 for a process that has ended already."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _end(pid: int, born: float) -> bool:
    if born == 0.0 or _born(pid) != born:
        return False
    try:
        process = psutil.Process(pid)
        process.terminate()
        process.wait(_LEFTOVER_ENDS_WITHIN_S)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        process.kill()
    return True


def _already_running(recorded: Mapping[str, Any]) -> str:
    where = f"process {recorded.get('supervisor', '?')}, {recorded.get('url', 'starting')}"
    return f"it runs already ({where}). A second one needs its own VAR_DIR and API_PORT."
