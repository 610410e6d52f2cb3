"""Medians of things that take microseconds or seconds, in about the same time for each."""

import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from benchmarks.open_loop import RefusedError, one_after_the_other

_SECONDS: Final = 1.5
_FEWEST: Final = 3
_TRIES: Final = 3
_PAUSE_S: Final = 1.5


def median_ms(ask: Callable[[int], list[float]], most: int) -> float:
    """``ask`` gives the seconds of so many; asked as often as fits, at least a few times."""
    first = ask(_FEWEST)
    more = min(most, int(_SECONDS / statistics.median(first)))
    return statistics.median(ask(more) if more > _FEWEST else first) * 1000


def median_of_answers(port: int, request: bytes, most: int) -> float:
    """Of one client, in ms."""
    return median_ms(lambda count: _answered(port, request, count), most)


def median_of_calls(call: Callable[[], object], most: int) -> float:
    """In this process, in ms."""
    return median_ms(lambda count: [_seconds(call) for _ in range(count)], most)


def _answered(port: int, request: bytes, count: int) -> list[float]:
    """A site that has just waited too long for its Redis (503) is asked again."""
    for _ in range(_TRIES):
        with suppress(RefusedError):
            return one_after_the_other(port, request, count)
        time.sleep(_PAUSE_S)
    return one_after_the_other(port, request, count)


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
