"""The ten inputs that a dashboard shows are the ten that move the estimate most."""

import json
from collections import Counter
from typing import Any, Final

import numpy as np

from heartrisk_site.variables import BASE_DIR
from kibana.inputs import BANDS, bands_of_inputs
from predictions.arrays import FloatArray
from predictions.features import FEATURES, NAMES, Kind
from predictions.risk.derivation import derive
from tests.kibana.kql import fields_in

MANIFEST: Final[dict[str, Any]] = json.loads((BASE_DIR / "model/manifest.json").read_bytes())


def log_odds(inputs: FloatArray) -> FloatArray:
    """(n, 14) complete inputs, as the manifest's coefficients have it, but for a constant."""
    features = [MANIFEST["estimator"]["features"][name] for name in MANIFEST["feature_names"]]
    mean, scale, weight = (
        np.array([feature[part] for feature in features])
        for part in ("mean", "scale", "coefficient")
    )
    result: FloatArray = ((derive(inputs) - mean) / scale) @ weight
    return result


def importance() -> dict[str, float]:
    """Change of the log-odds by one standard deviation of the input, the others at their mean."""
    estimator = MANIFEST["estimator"]["features"]
    mean = np.array([estimator[name]["mean"] for name in NAMES])
    found = {}
    for column, feature in enumerate(FEATURES):
        scale = estimator[feature.name]["scale"]
        pair = np.stack([mean, mean])
        is_choice = feature.kind is Kind.CHOICE
        low, high = (0, 1) if is_choice else (mean[column] - scale, mean[column] + scale)
        # Nobody smokes less than nothing.
        pair[:, column] = max(low, 0), high
        below, above = log_odds(pair)
        found[feature.name] = abs(above - below) * (scale if is_choice else 0.5)
    return found


def test_they_are_in_the_order_of_their_importance() -> None:
    by_importance = sorted(importance().items(), key=lambda pair: -pair[1])
    assert list(BANDS) == [name for name, _ in by_importance[:10]]


def test_the_numbers_have_bands_and_the_choices_their_answers() -> None:
    numbers = {feature.name for feature in FEATURES if feature.kind is Kind.NUMBER}
    assert {name for name, begins in BANDS.items() if begins} == numbers & set(BANDS)


def test_bands_rise() -> None:
    assert [name for name, begins in BANDS.items() if list(begins) != sorted(set(begins))] == []


def test_each_band_is_of_one_input() -> None:
    for kql in bands_of_inputs().values():
        assert len(set(fields_in(kql))) == 1


def test_each_input_has_a_band_more_than_beginnings() -> None:
    """A test of the panels shows that each has somebody: none is forgotten, none is empty."""
    bands = Counter(fields_in(kql)[0] for kql in bands_of_inputs().values())
    unknown = {feature.name for feature in FEATURES if feature.unknown_allowed}
    expected = {
        f"input_data.{name}": (len(begins) + 1 if begins else 2) + (name in unknown)
        for name, begins in BANDS.items()
    }
    assert bands == expected
