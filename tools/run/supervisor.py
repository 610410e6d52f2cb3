"""Starts the services together, sees a crash, ends all of them together."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from tools.run.console import say

_LOOK_EVERY_S: Final = 0.05
# A service that crashes more often than this does not get better by starting it again.
MOST_CRASHES: Final = 3
CRASH_WINDOW_S: Final = 60.0


@dataclass(slots=True)
class Service:
    """One child process. ``answers`` tells whether it does its work already.

    The site neither waits for one that is not ``essential`` nor ends with it.
    ``starts_after`` names the service that must answer first.
    """

    name: str
    command: Sequence[str]
    answers: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_within_s: float = 15.0
    essential: bool = True
    starts_after: str = ""
    given_up: bool = False
    ready: bool = False
    process: subprocess.Popen[bytes] | None = None
    crashes: deque[float] = field(default_factory=deque)

    def start(self) -> None:
        """In a session of its own: the terminal's Ctrl-C reaches the supervisor only."""
        tether = [sys.executable, "-m", "tools.run.tether", str(os.getpid())]
        environment = os.environ | dict(self.environment)
        self.ready = False
        self.process = subprocess.Popen(
            [*tether, *self.command], env=environment, start_new_session=True
        )

    def ended(self) -> int | None:
        """The exit code of a process that has ended."""
        return None if self.process is None else self.process.poll()

    def stop(self) -> None:
        """SIGTERM, patience, then SIGKILL to all that is left of its session."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.stop_within_s)
        except subprocess.TimeoutExpired:
            say(f"{self.name} did not end within {self.stop_within_s:g} s and is killed.")
        self.kill()

    def kill(self) -> None:
        if self.process is None:
            return
        self.kill_now()
        self.process.wait()

    def kill_now(self) -> None:
        """SIGKILL to the whole session; macOS answers PermissionError where all have ended."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def may_restart(self, now: float) -> bool:
        """Counts a crash. A service that never answered has a fault that stays."""
        self.crashes.append(now)
        while self.crashes and now - self.crashes[0] > CRASH_WINDOW_S:
            self.crashes.popleft()
        return self.ready and len(self.crashes) <= MOST_CRASHES


class Supervisor:
    """Runs the services, the first one stopped last, until a signal or a hopeless crash."""

    def __init__(
        self,
        services: Sequence[Service],
        on_ready: Callable[[], None],
        on_change: Callable[[dict[str, int]], None],
    ) -> None:
        self.services = services
        self.on_ready = on_ready
        self.on_change = on_change
        self._stop = threading.Event()
        self._announced = False

    def run(self) -> int:
        """The exit code: 0 after Ctrl-C or SIGTERM, 1 after a crash that could not be mended."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._start_those_that_may()
            while not self._stop.wait(_LOOK_EVERY_S):
                if not all(self._look_after(service) for service in self.services):
                    return 1
                self._start_those_that_may()
                self._announce()
            return 0
        finally:
            self._stop_all()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """The second Ctrl-C does not wait."""
        if self._stop.is_set():
            for service in self.services:
                service.kill_now()
        self._stop.set()

    def _start_those_that_may(self) -> None:
        ready = {service.name for service in self.services if service.ready}
        waiting = [service for service in self.services if service.process is None]
        may = [each for each in waiting if not each.starts_after or each.starts_after in ready]
        for service in may:
            service.start()
        if may:
            self._record()

    def _look_after(self, service: Service) -> bool:
        """Restarts a crashed service; False when there is no hope."""
        if service.process is None or service.given_up:
            return True
        code = service.ended()
        if code is None:
            service.ready = service.ready or service.answers()
            return True
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        if not service.may_restart(time.monotonic()):
            service.given_up = not service.essential
            what = "stopping" if service.essential else "the site goes on without it"
            say(f"{service.name} ended with {how}; {what}.")
            return not service.essential
        say(f"{service.name} ended with {how}; starting it again.")
        service.kill()
        service.start()
        self._record()
        return True

    def _record(self) -> None:
        self.on_change({s.name: s.process.pid for s in self.services if s.process is not None})

    def _announce(self) -> None:
        if not self._announced and all(each.ready for each in self.services if each.essential):
            self._announced = True
            self.on_ready()

    def _stop_all(self) -> None:
        for service in reversed(self.services):
            service.stop()
