"""The eight metrics of a transaction: what it cost and where its time went.

Durations are wall clock (``time.perf_counter``), CPU time is the thread's own
(``time.thread_time``), memory is the resident set of the whole process: all three of the
whole transaction. The profile is of the view's handler and what it calls (``profiled``).
"""

import cProfile
import os
import sys
import threading
import time
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from types import CodeType
from typing import Any, Final, Protocol, TypedDict

import psutil

from predictions.brief_io import pread
from predictions.transaction import Transaction

TOP_FUNCTIONS: Final = 5
BUSY: Final = "another transaction was being profiled"
TOOL_TAKEN: Final = "another profiler is active in this process"
MIXED: Final = "other transactions ran while this one was profiled"
NO_VIEW: Final = "the request ended before the view"
# From Python 3.12 on cProfile listens through sys.monitoring, which hears every thread.
HEARS_EVERY_THREAD: Final = sys.version_info >= (3, 12)

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_MEGABYTE: Final = 1024 * 1024
# As functions in C: they run for each of some hundred functions.
_own_time: Final = attrgetter("inlinetime")
_calls: Final = attrgetter("callcount")
_PROJECT: Final = Path(__file__).resolve().parent.parent


class FunctionCost(TypedDict):
    """A function's own time (without what it called), in milliseconds."""

    function: str
    calls: int
    time_ms: float


class Metrics(TypedDict):
    """``function_calls`` is null where ``profiled`` is false; ``not_profiled`` says why."""

    transaction_id: str
    inference_time_ms: float | None
    cpu_time_ms: float
    memory_mb: float
    memory_delta_mb: float
    function_calls: int | None
    latency_ms: float
    top_functions: list[FunctionCost]
    profiled: bool
    not_profiled: str | None


class Measurement(Protocol):
    """One transaction being measured. ``stop`` is called once, whatever happened.

    ``profile`` and ``end_profile`` stand around its view, where it reaches one.
    """

    def profile(self) -> None: ...
    def end_profile(self) -> None: ...
    def stop(self, transaction: Transaction) -> Metrics | None: ...


class Profiling(Protocol):
    """Starts measurements."""

    def start(self) -> Measurement: ...


class NoProfiler:
    """Stands in where ENABLE_PERFORMANCE_MONITORING is off."""

    def start(self) -> "NoProfiler":
        return self

    def profile(self) -> None:
        return

    def end_profile(self) -> None:
        return

    def stop(self, transaction: Transaction) -> None:
        return None


class Profiler:
    """Measures transactions and profiles their views.

    ``hears_every_thread`` says that a profile holds other threads' calls too. One
    transaction at a time is then profiled, the others do not wait for it; and where
    another one ran beside it, the profile is thrown away.
    """

    def __init__(self, *, hears_every_thread: bool = HEARS_EVERY_THREAD) -> None:
        self.hears_every_thread = hears_every_thread
        self.resident = ResidentMemory()
        self.slot = threading.Lock()
        self._counts = threading.Lock()
        self._running = 0
        self._started = 0

    def start(self) -> "Measured":
        return Measured(self)

    def enter(self) -> tuple[bool, int]:
        """Count one transaction in: whether it runs alone, and its number."""
        with self._counts:
            self._running += 1
            self._started += 1
            return self._running == 1, self._started

    def leave(self) -> int:
        """Count one transaction out: the number of the last one that started."""
        with self._counts:
            self._running -= 1
            return self._started


class Measured:
    """One transaction's measurement, from its construction to ``stop``."""

    def __init__(self, profiler: Profiler) -> None:
        self._profiler = profiler
        self._memory = profiler.resident.megabytes()
        self._alone, self._number = profiler.enter()
        self._profile: cProfile.Profile | None = None
        self._skipped: str | None = NO_VIEW
        self._costs: tuple[int | None, list[FunctionCost]] = (None, [])
        self._cpu = time.thread_time()
        self._clock = time.perf_counter()

    def profile(self) -> None:
        """Profile this thread from here on, where nobody's profile is in the way."""
        if not self._take_slot():
            self._skipped = BUSY
            return
        profile = cProfile.Profile(subcalls=False, builtins=False)
        try:
            profile.enable()
        except ValueError:
            self._free_slot()
            self._skipped = TOOL_TAKEN
            return
        self._profile, self._skipped = profile, None

    def end_profile(self) -> None:
        """Free the slot and read the profile; nothing where none was begun."""
        if self._profile is None:
            return
        self._profile.disable()
        self._free_slot()
        self._costs = _costs(self._profile)
        self._profile = None

    def _take_slot(self) -> bool:
        # Before Python 3.12 each thread has a profiler of its own.
        return not self._profiler.hears_every_thread or self._profiler.slot.acquire(blocking=False)

    def _free_slot(self) -> None:
        if self._profiler.hears_every_thread:
            self._profiler.slot.release()

    def stop(self, transaction: Transaction) -> Metrics:
        """End the measurement."""
        self.end_profile()
        latency = time.perf_counter() - self._clock
        cpu = time.thread_time() - self._cpu
        self._find_others(self._profiler.leave())
        memory = self._profiler.resident.megabytes()
        calls, top = self._costs if self._skipped is None else (None, [])
        return {
            "transaction_id": transaction.id,
            "inference_time_ms": _rounded(transaction.inference_time_ms),
            "cpu_time_ms": round(cpu * 1000, 3),
            "memory_mb": round(memory, 3),
            "memory_delta_mb": round(memory - self._memory, 3),
            "function_calls": calls,
            "latency_ms": round(latency * 1000, 3),
            "top_functions": top,
            "profiled": self._skipped is None,
            "not_profiled": self._skipped,
        }

    def _find_others(self, last_started: int) -> None:
        others = not self._alone or last_started != self._number
        if self._skipped is None and self._profiler.hears_every_thread and others:
            self._skipped = MIXED


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 3)


def _costs(profile: cProfile.Profile) -> tuple[int, list[FunctionCost]]:
    entries: list[Any] = profile.getstats()
    top = sorted(entries, key=_own_time, reverse=True)[:TOP_FUNCTIONS]
    costs: list[FunctionCost] = [
        {
            "function": function_name(entry.code),
            "calls": entry.callcount,
            "time_ms": round(entry.inlinetime * 1000, 3),
        }
        for entry in top
    ]
    return sum(map(_calls, entries)), costs


def function_name(code: CodeType | str) -> str:
    """``predictions/risk/predictor.py:81(predict)``: nothing in it tells of this machine."""
    if isinstance(code, str):
        return code
    return f"{_without_machine(code.co_filename)}:{code.co_firstlineno}({code.co_name})"


@lru_cache(maxsize=4096)
def _without_machine(filename: str) -> str:
    """The path below the folder it was imported from: the longest one that fits."""
    path = Path(filename)
    if not path.is_absolute():
        return filename
    roots = [Path(entry) for entry in sys.path if entry] + [_PROJECT]
    inside = [path.relative_to(root).as_posix() for root in roots if path.is_relative_to(root)]
    return min(inside, key=len, default=path.name)


class ResidentMemory:
    """The process's resident set: ``/proc/self/statm`` kept open, psutil elsewhere."""

    def __init__(self, statm: Path = Path("/proc/self/statm")) -> None:
        self._path = statm
        self._owner = 0
        self._file: int | None = None

    def megabytes(self) -> float:
        if self._owner != os.getpid():
            # After a fork the open file would still tell of the parent.
            self._owner = os.getpid()
            self._file = os.open(self._path, os.O_RDONLY) if self._path.exists() else None
        if self._file is None:
            return float(psutil.Process().memory_info().rss) / _MEGABYTE
        pages = int(pread(self._file, 128, 0).split()[1])
        return pages * _PAGE / _MEGABYTE
