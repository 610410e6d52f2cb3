"""The site by `make run`, and the bare service, as processes that answer predictions."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import psutil

from benchmarks.contenders import BARE
from predictions.features import EXAMPLE
from tools.run.address import free_port

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_GIVE_UP_AFTER_S: Final = 120.0
_LOOK_EVERY_S: Final = 0.02
# The system hands connections to the workers: with so many each of them has its share.
_CONNECTIONS: Final = 16


@dataclass(frozen=True, slots=True)
class Running:
    """``seconds`` from the start to the first answered prediction; ``pid`` is Python's."""

    pid: int
    port: int
    seconds: float

    def predict(self, times: int) -> set[float]:
        """Asks at least so often; the probabilities that were answered."""
        found = set()
        for _ in range(_CONNECTIONS):
            with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30) as client:
                for _ in range(-(-times // _CONNECTIONS)):
                    answer = client.post("/predict", json=EXAMPLE)
                    found.add(float(answer.raise_for_status().json()["probability"]))
        return found


@contextmanager
def make_run(environment: Mapping[str, str]) -> Iterator[Running]:
    """make itself, so that what it does before counts."""
    port = free_port()
    with _started(["make", "run"], port, {**environment, "API_PORT": str(port)}) as running:
        (supervisor,) = psutil.Process(running.pid).children()
        yield Running(supervisor.pid, port, running.seconds)


@contextmanager
def bare(environment: Mapping[str, str]) -> Iterator[Running]:
    """One worker."""
    port = free_port()
    with _started(BARE.started_with(port), port, environment) as running:
        yield running


@contextmanager
def _started(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Running]:
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=_ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            while not _predicts(port):
                if time.perf_counter() - start > _GIVE_UP_AFTER_S or process.poll() is not None:
                    raise SystemExit(f"{' '.join(command)} did not start")
                time.sleep(_LOOK_EVERY_S)
            yield Running(process.pid, port, time.perf_counter() - start)
        finally:
            _end(process.pid)


def _end(pid: int) -> None:
    """Ctrl-C, and patience until all it has started have ended: the next is not to wait for them.

    make itself ends sooner than what it runs.
    """
    # Where it has not ended by itself.
    with suppress(psutil.NoSuchProcess, ProcessLookupError):
        started = psutil.Process(pid).children(recursive=True)
        os.killpg(pid, signal.SIGINT)
        psutil.wait_procs(started, timeout=_GIVE_UP_AFTER_S)


def _predicts(port: int) -> bool:
    try:
        answer = httpx.post(f"http://127.0.0.1:{port}/predict", json=EXAMPLE, timeout=30)
    except httpx.TransportError:
        return False
    return answer.status_code == 200
