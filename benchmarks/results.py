"""What the turns measured, and ratios of it: within each round, then over the rounds."""

import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self


@dataclass(frozen=True, slots=True)
class Turn:
    """One contender in one round. CPU: of a request, of all the service's processes."""

    p50_ms: float
    p99_ms: float
    rate: float
    cpu_ms_one_client: float
    cpu_ms: float
    worker_mb: float
    sent: int


class Ran(NamedTuple):
    """A contender's key and its number of workers."""

    key: str
    workers: int


Results = Mapping[Ran, list[Turn]]
"""The turns of each, in the order of the rounds: those of one round stand at one index."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Over the rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        found = list(values)
        return cls(statistics.median(found), min(found), max(found))

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f} to {self.most:.2f})"


def ratio(
    results: Results,
    one: Ran,
    other: Ran,
    figure: Callable[[Turn], float],
) -> Spread:
    """``one`` to ``other``, taken within each round: a busy moment hits both."""
    pairs = zip(results[one], results[other], strict=True)
    return Spread.of(figure(mine) / figure(theirs) for mine, theirs in pairs)
