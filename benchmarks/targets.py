"""What issue 6 asks of one prediction with everything on, beside what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from benchmarks.contenders import BARE, BARE_DEF, BY_KEY, EVERYTHING, NEITHER, PROTOTYPE
from benchmarks.results import Ran, Results, Spread, ratio

P50_AT_MOST: Final = 0.70
RATE_AT_LEAST: Final = 1.7

_EVERYTHING: Final = Ran(EVERYTHING.key, 1)
_BARE: Final = Ran(BARE.key, 1)
_BARE_DEF: Final = Ran(BARE_DEF.key, 1)
_NEITHER: Final = Ran(NEITHER.key, 1)
_PROTOTYPE: Final = Ran(PROTOTYPE.key, 1)
_p50, _rate, _cpu = attrgetter("p50_ms"), attrgetter("rate"), attrgetter("cpu_ms")


@dataclass(frozen=True, slots=True)
class Target:
    """``asked`` bounds the median over the rounds: from below where ``at_least``, else above."""

    what: str
    measured: Spread
    asked: float
    stretch: float | None = None
    at_least: bool = False
    beside: str = ""

    def reached(self, bound: float) -> bool:
        return self.measured.median >= bound if self.at_least else self.measured.median <= bound


def targets(results: Results) -> Iterator[Target]:
    """Those whose contenders were measured."""
    ran = results.keys()
    for bare in (_BARE_DEF, _BARE):
        if {_EVERYTHING, bare} <= ran:
            yield from _beside_bare(results, bare)
    if {_EVERYTHING, _PROTOTYPE} <= ran:
        yield Target(
            "requests a second with 32 clients, to the prototype's shape",
            ratio(results, _EVERYTHING, _PROTOTYPE, _rate),
            5,
            at_least=True,
        )
    if {_EVERYTHING, _NEITHER} <= ran:
        yield Target("profile's and log's share of a request's CPU", _share(results), 0.5)
    for key, workers in ran:
        if key == EVERYTHING.key and workers > 1 and _EVERYTHING in ran:
            yield Target(
                f"CPU of a request with {workers} workers, to one",
                ratio(results, Ran(key, workers), _EVERYTHING, _cpu),
                1.1,
            )


def _beside_bare(results: Results, bare: Ran) -> Iterator[Target]:
    name = BY_KEY[bare.key].name
    yield Target(
        f"p50 with one client, to {name}",
        ratio(results, _EVERYTHING, bare, _p50),
        P50_AT_MOST,
        stretch=0.55,
    )
    yield Target(
        f"requests a second with 32 clients, to {name}",
        ratio(results, _EVERYTHING, bare, _rate),
        RATE_AT_LEAST,
        stretch=2.2,
        at_least=True,
    )
    if bare == _BARE:
        yield Target(
            "p99 to p50 with one client",
            _tail(results, _EVERYTHING),
            3,
            beside=f"{name}: {_tail(results, bare)}",
        )


def _tail(results: Results, ran: Ran) -> Spread:
    return Spread.of(turn.p99_ms / turn.p50_ms for turn in results[ran])


def _share(results: Results) -> Spread:
    pairs = zip(results[_EVERYTHING], results[_NEITHER], strict=True)
    return Spread.of(1 - neither.cpu_ms / everything.cpu_ms for everything, neither in pairs)
