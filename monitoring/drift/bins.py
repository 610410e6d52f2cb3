"""The bins of the charts: the same for the current and the reference distribution."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from monitoring.drift.reference import Distribution
from predictions.arrays import FloatArray, IntArray

_MOST: Final = 12
# Between these shares of the people the bins are equally wide; the rest is in the outermost.
_LEAST_SHARE: Final = 0.01
_GREATEST_SHARE: Final = 0.99


@dataclass(frozen=True, slots=True)
class Bin:
    """Values above ``low``, up to and with ``high``; None where there is no limit.

    Of a category ``low`` and ``high`` are its value. Shares of the known; ``current`` is None
    where nothing is known.
    """

    low: float | None
    high: float | None
    current: float | None
    reference: float


@lru_cache(maxsize=64)
def edges_of(distribution: Distribution) -> IntArray:
    """Which cut points of a number are edges, about equally far apart.

    Only at a cut point is the reference known without guessing.
    """
    cuts, cumulative = distribution.cuts, distribution.cumulative
    inside = np.flatnonzero((cumulative >= _LEAST_SHARE) & (cumulative <= _GREATEST_SHARE))
    if len(inside) == 0:
        return inside
    wanted = np.linspace(cuts[inside[0]], cuts[inside[-1]], min(_MOST - 1, len(inside)))
    nearest = np.abs(cuts[inside] - wanted[:, np.newaxis]).argmin(axis=1)
    return np.unique(inside[nearest])


def shares_in_bins(distribution: Distribution, cumulative: FloatArray) -> FloatArray:
    """(bins,) of a number, from P(X <= cut) at the distribution's cut points."""
    at_edges = np.concatenate([[0.0], cumulative[edges_of(distribution)], [1.0]])
    shares: FloatArray = at_edges[1:] - at_edges[:-1]
    return shares


@lru_cache(maxsize=64)
def reference_shares(distribution: Distribution) -> FloatArray:
    """(bins,) of the training data."""
    if distribution.is_category:
        return distribution.shares
    return shares_in_bins(distribution, distribution.cumulative)


def bins_of(distribution: Distribution, current: FloatArray | None) -> tuple[Bin, ...]:
    """``current``: (bins,) shares, None where nothing is known."""
    limits, reference = _limits(distribution), reference_shares(distribution).tolist()
    shares = [None] * len(limits) if current is None else current.tolist()
    return tuple(
        Bin(low, high, now, then)
        for (low, high), now, then in zip(limits, shares, reference, strict=True)
    )


@lru_cache(maxsize=64)
def _limits(distribution: Distribution) -> list[tuple[float | None, float | None]]:
    cuts: list[float] = distribution.cuts.tolist()
    if distribution.is_category:
        return [(cut, cut) for cut in cuts]
    edges = [cuts[place] for place in edges_of(distribution)]
    return list(zip([None, *edges], [*edges, None], strict=True))
