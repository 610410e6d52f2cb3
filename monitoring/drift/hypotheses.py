"""The tests of one distribution against another, and how far apart the two are.

Each takes the current sample and the reference as two samples of one population, so that the
reference's own chance counts, too.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from scipy.special import chdtrc, kolmogorov
from scipy.stats import fisher_exact

from predictions.arrays import FloatArray

# Below it the chi-squared distribution is no good approximation (Cochran, Biometrics 1954;10:417).
_LEAST_EXPECTED: Final = 5


class Tested(NamedTuple):
    """``effect``: 0 where both are the same, comparable between sizes of samples.

    ``statistic`` is None where the test is exact and has none.
    """

    test: str
    statistic: float | None
    p_value: float
    effect: float


def kolmogorov_smirnov(
    cumulative: FloatArray, rows: int, reference: FloatArray, reference_rows: int
) -> Tested:
    """From P(X <= cut) of both at the same cut points; the effect is the statistic D itself.

    D at some points is never greater than the supremum over all, and for distributions with
    steps the p-value of continuous ones is an upper bound (Noether, Ann Math Stat
    1963;34:1095; Conover, J Am Stat Assoc 1972;67:591): false alarms are at most as many as it
    says. The p-value is Smirnov's asymptotic one (Ann Math Stat 1948;19:279).
    """
    distance = float(np.abs(cumulative - reference).max())
    effective = rows * reference_rows / (rows + reference_rows)
    p_value = float(kolmogorov(np.sqrt(effective) * distance))
    return Tested("ks", distance, p_value, distance)


def homogeneity(counts: FloatArray, reference_counts: FloatArray) -> Tested:
    """Of categories in a row: chi-squared, or with two and too few people Fisher's exact test.

    The effect is Cohen's w (Statistical Power Analysis, 1988, chapter 7); for two categories
    that is the difference of the shares in standard deviations of the reference.
    """
    effect = cohens_w(counts, reference_counts)
    table = np.vstack([counts, reference_counts])
    if table.shape[1] > 2:
        table = _without_rare(table)
    if table.shape[1] == 2:
        return _of_two(table, effect)
    expected = _expected(table)
    statistic = float(((table - expected) ** 2 / expected).sum())
    return Tested("chi2", statistic, float(chdtrc(expected.shape[1] - 1, statistic)), effect)


def _of_two(table: FloatArray, effect: float) -> Tested:
    """Of (2, 2) counts."""
    (a, b), (c, d) = table.tolist()
    rows, columns, total = (a + b, c + d), (a + c, b + d), a + b + c + d
    if min(rows) * min(columns) < _LEAST_EXPECTED * total:
        return Tested("fisher", None, _exact(a, b, c, d), effect)
    statistic = total * (a * d - b * c) ** 2 / (rows[0] * rows[1] * columns[0] * columns[1])
    return Tested("chi2", statistic, float(chdtrc(1, statistic)), effect)


@lru_cache(maxsize=4096)
def _exact(a: float, b: float, c: float, d: float) -> float:
    # Of a rare category the same few counts come again and again.
    table = np.array([[a, b], [c, d]], dtype=np.int64)
    return float(fisher_exact(table).pvalue)


def cohens_w(counts: FloatArray, reference_counts: FloatArray) -> float:
    """sqrt(sum (p - q)² / q); a category that the reference lacks counts as half a person."""
    shares = counts / max(counts.sum(), 1)
    filled = np.maximum(reference_counts, 0.5)
    reference = filled / filled.sum()
    return float(np.sqrt(((shares - reference) ** 2 / reference).sum()))


def stability_index(shares: FloatArray, reference: FloatArray) -> float:
    """The population stability index, sum (p - q) ln(p / q), in the same bins.

    An empty bin counts as one in 10,000, as is usual: the logarithm would be infinite.
    """
    current, expected = np.maximum(shares, 1e-4), np.maximum(reference, 1e-4)
    return float(((current - expected) * np.log(current / expected)).sum())


def _expected(table: FloatArray) -> FloatArray:
    expected: FloatArray = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return expected


def _without_rare(table: FloatArray) -> FloatArray:
    """(2, k), the rarest category joined with its rarer neighbour until none is too rare."""
    # Nobody at all in it, in neither sample: no category.
    table = table[:, table.sum(axis=0) > 0]
    while table.shape[1] > 2 and _expected(table).min() < _LEAST_EXPECTED:
        totals = table.sum(axis=0)
        rarest = int(totals.argmin())
        beside = [at for at in (rarest - 1, rarest + 1) if 0 <= at < len(totals)]
        neighbour = min(beside, key=lambda at: totals[at])
        table[:, neighbour] += table[:, rarest]
        table = np.delete(table, rarest, axis=1)
    return table
