"""Whether the site and what it depends on work.

Apps register their checks in ``AppConfig.ready``, so that this app need not know
what the others depend on.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

# Returns when all is well; raises otherwise.
Check = Callable[[], None]

_log: Final = logging.getLogger(__name__)
# A load balancer's probe gives up after a few seconds.
LONGEST_WAIT_S: Final = 2.0


class HealthError(Exception):
    """A check's own sentence of what is wrong, fit to be shown to anybody."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found. ``problem`` is empty when all is well."""

    problem: str
    duration_ms: float


class _Outcome:
    """``with _Outcome() as outcome:`` what the block raises becomes ``outcome.problem``."""

    problem = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if isinstance(error, HealthError):
            self.problem = str(error)
        elif isinstance(error, Exception):
            # The text of an unforeseen exception may hold a password or an address.
            self.problem = type(error).__name__
        return isinstance(error, Exception)


class _Registered:
    """A check that runs in a thread of its own, never two at a time, so that none can hang us."""

    def __init__(self, name: str, check: Check, *, essential: bool) -> None:
        self._name = name
        self.essential = essential
        self._check = check
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._began = 0.0
        self._result = Result("not checked yet", 0)

    def start(self) -> threading.Thread:
        """The thread that runs the check, which may still be the one of an earlier report."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._began = time.perf_counter()
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            return self._thread

    def wait(self, thread: threading.Thread, until: float) -> Result:
        thread.join(max(0, until - time.monotonic()))
        if thread.is_alive():
            return Result("did not answer in time", _milliseconds_since(self._began))
        return self._result

    def _run(self) -> None:
        with _Outcome() as outcome:
            self._check()
        if outcome.problem and outcome.problem != self._result.problem:
            # Once, not at every probe.
            _log.warning("Health check %s: %s", self._name, outcome.problem)
        self._result = Result(outcome.problem, _milliseconds_since(self._began))


class Health:
    """A list of checks. A report waits ``longest_wait`` seconds for those that hang."""

    def __init__(self, longest_wait: float = LONGEST_WAIT_S) -> None:
        self._longest_wait = longest_wait
        self._checks: dict[str, _Registered] = {}

    def register(self, name: str, check: Check, *, essential: bool = False) -> None:
        """Adds a check. Without an essential one the site cannot predict."""
        self._checks[name] = _Registered(name, check, essential=essential)

    def report(self) -> dict[str, Any]:
        """``status`` ok, degraded or failing, and each check's."""
        until = time.monotonic() + self._longest_wait
        running = [(name, check, check.start()) for name, check in self._checks.items()]
        results = {name: check.wait(thread, until) for name, check, thread in running}
        broken = {name for name, result in results.items() if result.problem}
        return {
            "status": self._status(broken),
            "checks": {name: _as_document(result) for name, result in results.items()},
        }

    def _status(self, broken: set[str]) -> str:
        if any(self._checks[name].essential for name in broken):
            return "failing"
        return "degraded" if broken else "ok"


def _milliseconds_since(moment: float) -> float:
    return (time.perf_counter() - moment) * 1000


def _as_document(result: Result) -> dict[str, Any]:
    status = "failing" if result.problem else "ok"
    return {"status": status, "duration_ms": round(result.duration_ms, 3), "detail": result.problem}


# The process's own list.
HEALTH: Final = Health()
