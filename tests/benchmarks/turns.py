"""Turns for the tests of what is computed from them."""

from dataclasses import replace

from benchmarks.contenders import BARE, EVERYTHING, NEITHER, PROTOTYPE
from benchmarks.results import Ran, Turn

TURN = Turn(
    p50_ms=1.0,
    p99_ms=2.0,
    rate=1000.0,
    cpu_ms_one_client=1.0,
    cpu_ms=1.0,
    worker_mb=200.0,
    sent=5000,
)


def turns(**figures: tuple[float, ...]) -> list[Turn]:
    """One turn for each value of a figure; what is not named is ``TURN``'s."""
    rounds = zip(*figures.values(), strict=True)
    return [replace(TURN, **dict(zip(figures, each, strict=True))) for each in rounds]


def whole() -> dict[Ran, list[Turn]]:
    """Three rounds in which each target of the issue is reached, the first one by its stretch."""
    return {
        Ran(EVERYTHING.key, 1): turns(
            p50_ms=(0.5, 0.6, 0.5), p99_ms=(1.0, 1.2, 1.0), rate=(2000.0, 1900.0, 2000.0)
        ),
        Ran(NEITHER.key, 1): turns(cpu_ms=(0.6, 0.6, 0.6)),
        Ran(BARE.key, 1): turns(p50_ms=(1.0, 1.0, 1.0)),
        Ran(PROTOTYPE.key, 1): turns(rate=(300.0, 310.0, 290.0)),
        Ran(EVERYTHING.key, 2): turns(cpu_ms=(1.05, 1.04, 1.06)),
        Ran(BARE.key, 2): turns(cpu_ms=(1.0, 1.0, 1.0)),
    }
