"""What is measured, started as processes on free ports, in one folder, with one Valkey."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import psutil

from benchmarks.contenders import EVERYTHING, Contender
from benchmarks.load.load import Refused
from heartrisk_site.redis_url import embedded_url
from tools.clean_environment import clean_environment
from tools.run import valkey
from tools.run.address import free_port

ROOT: Final = Path(__file__).resolve().parent.parent
_WITHIN_S: Final = 60.0
# More than any run sends: the stream's own bound must not cut what is counted afterwards.
_STREAM_LENGTH: Final = "50000000"


@dataclass(frozen=True, slots=True)
class Service:
    """A contender that runs. ``process`` is the one that was started, workers are below it."""

    contender: Contender
    workers: int
    port: int
    process: psutil.Process

    def cpu_seconds(self) -> dict[int, float]:
        """User and system time so far, of each process of the service by its id."""
        return {each.pid: each.cpu_times().user + each.cpu_times().system for each in self._tree()}

    def worker_bytes(self) -> int:
        """The resident set of its largest worker: the started process where it has none."""
        tree = self._tree()
        return max(each.memory_info().rss for each in tree[1:] or tree)

    def _tree(self) -> list[psutil.Process]:
        try:
            return [self.process, *self.process.children(recursive=True)]
        except psutil.NoSuchProcess:
            raise Refused(f"{self.contender.name} has ended") from None


@contextmanager
def running(
    var_dir: Path, contenders: Iterable[Contender], workers: Iterable[int]
) -> Iterator[list[Service]]:
    """All at once, each with each number of workers: the idle ones cost the measured one nothing.

    They share the folder and the Valkey in it.
    """
    environment = clean_environment(
        VAR_DIR=str(var_dir),
        PUBLIC_PREDICTIONS="true",
        REDIS_STREAM_MAX_LENGTH=_STREAM_LENGTH,
    )
    with ExitStack() as stack:
        stack.enter_context(process(valkey.configure(var_dir), environment))
        wait_until(lambda: valkey.answers(var_dir))
        environment["REDIS_URL"] = embedded_url(var_dir)
        _prepare(environment)
        services = []
        for count in workers:
            for contender in contenders:
                port = free_port()
                command = contender.started_with(port, count)
                started = stack.enter_context(
                    process(command, {**environment, **contender.changes})
                )
                wait_until(partial(listens, port))
                services.append(Service(contender, count, port, psutil.Process(started.pid)))
        yield services


def _prepare(environment: dict[str, str]) -> None:
    """Start the site once: what makes its database stays in the memory of that process."""
    port = free_port()
    with process(EVERYTHING.started_with(port), environment):
        wait_until(partial(listens, port))


@contextmanager
def process(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Ends with the block."""
    tether = [sys.executable, "-m", "tools.run.tether", str(os.getpid())]
    if command[0] == sys.executable:
        command = [*tether, *command]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as started:
        try:
            yield started
        finally:
            started.terminate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(
    condition: Callable[[], object], look_every: float = 0.05, within: float = _WITHIN_S
) -> None:
    """Seconds. Raises ``TimeoutError``."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"what was waited for did not come within {within:g} s")
        time.sleep(look_every)
