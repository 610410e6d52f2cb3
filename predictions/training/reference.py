"""The drift reference: how each feature and the probability were spread in training."""

from typing import Any, Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import FEATURES, INDEX, Kind
from predictions.risk.derivation import derive
from predictions.risk.derived import ALL_NAMES, DERIVED, inputs_of

_DIGITS: Final = 6
_SMALLEST: Final = 10.0**-_DIGITS
# At most so many cut points: a continuous distribution is then known at each percentage.
_MOST_CUTS: Final = 101
_CATEGORIES: Final[dict[str, tuple[int, ...]]] = {
    **{feature.name: (0, 1) for feature in FEATURES if feature.kind is Kind.CHOICE},
    **{derived.name: derived.categories for derived in DERIVED if derived.categories},
}


def drift_reference(
    inputs: FloatArray, complete: FloatArray, probability: FloatArray
) -> dict[str, dict[str, Any]]:
    """For each of the 28 features and ``probability``: its distribution, and the share missing.

    ``inputs`` (n, 14) with NaN, ``complete`` the same filled, ``probability`` (n,) out of
    fold. A feature's distribution is that of the ``rows`` in which all its inputs were known:
    ``shares`` of a category, or of a number rising ``cuts``, values of the data, each with the
    share of the rows that are at most so great in ``cumulative``.
    """
    features, unknown = derive(complete), np.isnan(inputs)
    reference = {}
    for column, name in enumerate(ALL_NAMES):
        missing = unknown[:, [INDEX[source] for source in inputs_of(name)]].any(axis=1)
        known = features[~missing, column]
        share = {"missing": _round(missing.mean())}
        reference[name] = share | _distribution(known, _CATEGORIES.get(name, ()))
    reference["probability"] = {"missing": 0.0} | _distribution(probability, ())
    return reference


def _distribution(known: FloatArray, categories: tuple[int, ...]) -> dict[str, Any]:
    rows = {"rows": len(known)}
    if categories:
        shares = {str(value): _round((known == value).mean()) for value in categories}
        return rows | {"shares": shares}
    cuts = _cuts(known)
    at_most = np.searchsorted(np.sort(known), cuts, side="right") / len(known)
    return rows | {"cuts": cuts, "cumulative": [_round(share) for share in at_most]}


def _cuts(known: FloatArray) -> list[float]:
    """Every value where there are few, else those at each percentage.

    Values, not quantiles between them: where many people share a value (half of all smoke
    nothing), what lies between two values is no point of the distribution.
    """
    values = np.unique(known)
    if len(values) > _MOST_CUTS:
        at = np.linspace(0, 1, _MOST_CUTS)
        values = np.unique(np.quantile(known, at, method="inverted_cdf"))
    return sorted({_rounded_up(value) for value in values})


def _rounded_up(value: float) -> float:
    """Not below the value: all who have it are then counted as at most so great."""
    rounded = _round(value)
    return rounded if rounded >= value else _round(rounded + _SMALLEST)


def _round(value: float) -> float:
    return round(float(value), _DIGITS)
