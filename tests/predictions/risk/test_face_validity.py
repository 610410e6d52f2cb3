"""All else equal, more of a known risk never lowers the estimate, anywhere in the limits."""

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from predictions.arrays import FloatArray
from predictions.features import BY_NAME, FEATURES, INDEX, Kind
from predictions.risk.derived import ALL_NAMES, RISING
from predictions.risk.model_file import read_model
from predictions.risk.predictor import Predictor, get_predictor
from tests.predictions.models import MODEL_FILE, MODEL_FOLDER, anywhere, manifest, rows

# The order of sums may differ in the last bit.
ROUNDING = 1e-14
SOMEWHERE = 2000
STEPS = 25
NUMBERS = sorted(name for name in RISING if BY_NAME[name].kind is Kind.NUMBER)
CHOICES = sorted(name for name in RISING - {"CURRENT_SMOKER"} if name not in NUMBERS)


def people() -> FloatArray:
    """All rows of the data, the same with everything unknown that may be, and people anywhere."""
    unknown = rows().inputs.copy()
    unknown[:, [feature.unknown_allowed for feature in FEATURES]] = np.nan
    return np.vstack([rows().inputs, unknown, anywhere(SOMEWHERE)])


def risks(
    predictor: Predictor, background: FloatArray, name: str, values: FloatArray
) -> FloatArray:
    """(values, people): the risk of each person with each value."""
    changed = np.repeat(background[np.newaxis], len(values), axis=0)
    changed[:, :, INDEX[name]] = values[:, np.newaxis]
    if name == "CIGS_PER_DAY":
        changed[:, :, INDEX["CURRENT_SMOKER"]] = 1
    flat = changed.reshape(-1, background.shape[1])
    return predictor.predict_many(flat).probability.reshape(len(values), len(background))


def values_of(name: str) -> FloatArray:
    """From one limit to the other, the stages of the guidelines and both their sides included."""
    feature = BY_NAME[name]
    kinks = np.array([18, 49.9, 50, 50.1, 99, 100, 101, 119.9, 120, 130, 139.5, 140, 179, 180])
    kinks = kinks[(kinks > feature.low) & (kinks < feature.high)]
    return np.unique(np.concatenate([np.linspace(feature.low, feature.high, STEPS), kinks]))


@pytest.mark.parametrize("name", NUMBERS)
def test_raising_it_never_lowers_the_risk(name: str) -> None:
    rise = np.diff(risks(get_predictor(), people(), name, values_of(name)), axis=0)
    assert rise.min() >= -ROUNDING
    assert rise.max() > 0.01


@pytest.mark.parametrize("name", CHOICES)
def test_switching_it_on_never_lowers_the_risk(name: str) -> None:
    off, on = risks(get_predictor(), people(), name, np.array([0.0, 1.0]))
    assert (on - off).min() >= -ROUNDING
    assert (on - off).max() > 0.01


@pytest.mark.parametrize("cigarettes", [0, 1, 20, 150, np.nan])
def test_taking_up_smoking_never_lowers_the_risk(cigarettes: float) -> None:
    before, after = people(), people()
    before[:, [INDEX["CURRENT_SMOKER"], INDEX["CIGS_PER_DAY"]]] = [0, 0]
    after[:, [INDEX["CURRENT_SMOKER"], INDEX["CIGS_PER_DAY"]]] = [1, cigarettes]
    predictor = get_predictor()
    rise = predictor.predict_many(after).probability - predictor.predict_many(before).probability
    assert rise.min() >= -ROUNDING


def test_the_check_notices_a_coefficient_of_the_wrong_sign() -> None:
    estimator, _ = read_model(MODEL_FILE, MODEL_FOLDER / "manifest.json")
    assert isinstance(estimator, Pipeline)
    estimator.named_steps["regression"].coef_[0, ALL_NAMES.index("GLUCOSE")] = -0.3
    wrong = Predictor(estimator, manifest())
    rise = np.diff(risks(wrong, people(), "GLUCOSE", values_of("GLUCOSE")), axis=0)
    assert rise.min() < -0.01
