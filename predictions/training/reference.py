"""The drift reference: how each feature and the probability were spread in training."""

from typing import Any, Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import FEATURES, INDEX, Kind
from predictions.risk.derivation import derive
from predictions.risk.derived import ALL_NAMES, DERIVED, inputs_of

_DIGITS: Final = 6
_PERCENTILES: Final = np.linspace(0, 1, 101)
_CATEGORIES: Final[dict[str, tuple[int, ...]]] = {
    **{feature.name: (0, 1) for feature in FEATURES if feature.kind is Kind.CHOICE},
    **{derived.name: derived.categories for derived in DERIVED if derived.categories},
}


def drift_reference(
    inputs: FloatArray, complete: FloatArray, probability: FloatArray
) -> dict[str, dict[str, Any]]:
    """For each of the 28 features and ``probability``: quantiles or shares, and the share missing.

    ``inputs`` (n, 14) with NaN, ``complete`` the same filled, ``probability`` (n,) out of
    fold. A feature's spread is that of the rows in which all its inputs were known.
    """
    features, unknown = derive(complete), np.isnan(inputs)
    reference = {}
    for column, name in enumerate(ALL_NAMES):
        missing = unknown[:, [INDEX[source] for source in inputs_of(name)]].any(axis=1)
        known = features[~missing, column]
        share = {"missing": _round(missing.mean())}
        reference[name] = share | _spread(known, _CATEGORIES.get(name, ()))
    reference["probability"] = {"missing": 0.0} | _spread(probability, ())
    return reference


def _spread(known: FloatArray, categories: tuple[int, ...]) -> dict[str, Any]:
    if categories:
        return {"shares": {str(value): _round((known == value).mean()) for value in categories}}
    return {"quantiles": [_round(value) for value in np.quantile(known, _PERCENTILES)]}


def _round(value: float) -> float:
    return round(float(value), _DIGITS)
