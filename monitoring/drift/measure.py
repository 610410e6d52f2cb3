"""Measures one input, feature or the probability; ``compare.py`` then judges it."""

from typing import Final

import numpy as np

from monitoring.drift.bins import bins_of, reference_shares, shares_in_bins
from monitoring.drift.figure import Figure, Group
from monitoring.drift.hypotheses import Tested, homogeneity, kolmogorov_smirnov, stability_index
from monitoring.drift.reference import Distribution
from monitoring.models.drift import Verdict
from predictions.arrays import FloatArray

# Known values without which there is no answer. Why 100: docs/adr/0009.
LEAST_ROWS: Final = 100
# What Cohen calls small (Statistical Power Analysis, 1988): means 0.2 standard deviations apart,
# which between normal distributions is a D of 2 Phi(0.1) - 1 = 0.08; and w of 0.1.
LEAST_D: Final = 0.08
LEAST_W: Final = 0.1


def measure(
    distribution: Distribution,
    name: str,
    group: Group,
    values: FloatArray,
    *,
    may_be_missing: bool = False,
    trained: tuple[float, float] | None = None,
) -> Figure:
    """``values``: (n,), NaN where unknown. ``trained``: the least and the greatest in training."""
    # NaN is sorted last.
    known = np.sort(values)[: np.count_nonzero(~np.isnan(values))]
    test = _category if distribution.is_category else _number
    tested, shares = test(distribution, known)
    enough = len(known) >= LEAST_ROWS
    return Figure(
        name=name,
        group=group.value,
        verdict=Verdict.NOT_ENOUGH_DATA.value,
        drifts_in=(),
        rows=len(known),
        test=tested.test if enough else None,
        statistic=tested.statistic if enough else None,
        p_value=tested.p_value if enough else None,
        adjusted_p_value=None,
        effect=tested.effect if enough else None,
        least_effect=LEAST_W if distribution.is_category else LEAST_D,
        psi=stability_index(shares, reference_shares(distribution)) if enough else None,
        median=_medians(distribution, known),
        share_missing=(_share(len(values) - len(known), len(values)), distribution.missing),
        missing_p_value=_missing(distribution, len(values), len(known)) if may_be_missing else None,
        adjusted_missing_p_value=None,
        share_out_of_range=_outside(known, trained) if trained else None,
        bins=bins_of(distribution, shares if len(known) else None),
    )


def _category(distribution: Distribution, known: FloatArray) -> tuple[Tested, FloatArray]:
    """Tested, and the shares of the categories."""
    found = (known == distribution.cuts[:, np.newaxis]).sum(axis=1).astype(np.float64)
    return homogeneity(found, distribution.counts), found / max(len(known), 1)


def _number(distribution: Distribution, known: FloatArray) -> tuple[Tested, FloatArray]:
    """Tested, and the shares in the chart's bins."""
    at_most = np.searchsorted(known, distribution.cuts, side="right")
    cumulative = at_most / max(len(known), 1)
    tested = kolmogorov_smirnov(cumulative, len(known), distribution.cumulative, distribution.rows)
    return tested, shares_in_bins(distribution, cumulative)


def _missing(distribution: Distribution, people: int, known: int) -> float | None:
    """The p-value of so many unknown; None where there are too few people to tell."""
    if people < LEAST_ROWS:
        return None
    now = np.array([known, people - known], dtype=np.float64)
    missing_then = distribution.people - distribution.rows
    return homogeneity(now, np.array([distribution.rows, missing_then], dtype=np.float64)).p_value


def _medians(distribution: Distribution, known: FloatArray) -> tuple[float, float] | None:
    """Of a number: the least values that half of the people do not exceed."""
    if distribution.is_category or not len(known):
        return None
    return float(known[(len(known) - 1) // 2]), distribution.median


def _outside(known: FloatArray, trained: tuple[float, float]) -> float:
    low, high = trained
    inside = np.searchsorted(known, high, "right") - np.searchsorted(known, low, "left")
    return _share(len(known) - int(inside), len(known))


def _share(part: int, whole: int) -> float:
    """Of nobody, nothing."""
    return part / whole if whole else 0.0
