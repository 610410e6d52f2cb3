import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from predictions.arrays import FloatArray
from predictions.features import INDEX
from predictions.risk.derivation import derive
from predictions.risk.derived import ALL_NAMES, RISING, inputs_of
from predictions.training.fit import (
    STRENGTH,
    bounded_features,
    bounded_logistic,
    fit,
    learn_filling,
)
from tests.predictions.models import rows


def standardised() -> FloatArray:
    features = derive(learn_filling(rows().inputs).fill(rows().inputs))
    result: FloatArray = (features - features.mean(axis=0)) / features.std(axis=0)
    return result


def test_without_bounds_it_is_scikit_learns_ridge_regression() -> None:
    features, outcome = standardised(), rows().outcome
    weights, intercept = bounded_logistic(features, outcome, np.zeros(28, dtype=bool), STRENGTH)
    theirs = LogisticRegression(C=STRENGTH, tol=1e-10, max_iter=10_000).fit(features, outcome)
    np.testing.assert_allclose(weights, theirs.coef_[0], atol=1e-6)
    assert intercept == pytest.approx(theirs.intercept_[0], abs=1e-6)


def test_no_bounded_weight_is_negative() -> None:
    weights, _ = bounded_logistic(standardised(), rows().outcome, bounded_features(), STRENGTH)
    assert weights[bounded_features()].min() == 0


def test_it_finds_the_optimum_within_the_bounds() -> None:
    """Karush, Kuhn and Tucker: no slope where a weight is free, none downhill at a bound."""
    features, outcome = standardised(), rows().outcome
    weights, intercept = bounded_logistic(features, outcome, bounded_features(), STRENGTH)
    slope = features.T @ (expit(features @ weights + intercept) - outcome) + weights / STRENGTH
    at_bound = bounded_features() & (weights == 0)
    assert np.abs(slope[~at_bound]).max() < 1e-6
    assert slope[at_bound].min() >= 0


def test_every_feature_of_a_rising_input_is_bounded() -> None:
    rising = [not RISING.isdisjoint(inputs_of(name)) for name in ALL_NAMES]
    assert bounded_features()[rising].all()


def test_diastolic_pressure_alone_is_free() -> None:
    free = {name for name, bound in zip(ALL_NAMES, bounded_features(), strict=True) if not bound}
    assert free == {"DIA_BP"}


def test_the_artefact_is_a_plain_scikit_learn_pipeline() -> None:
    estimator = fit(rows().inputs, rows().outcome).estimator
    assert type(estimator) is Pipeline
    assert [type(step) for _, step in estimator.steps] == [StandardScaler, LogisticRegression]


def test_it_fits_neither_resampled_nor_weighted_rows() -> None:
    """Then a maximum likelihood fit with an intercept expects as many as fell ill."""
    probability = fit(rows().inputs, rows().outcome).probability(rows().inputs)
    assert probability.sum() == pytest.approx(rows().outcome.sum(), abs=1e-3)


def test_it_learns_to_fill_from_what_is_known() -> None:
    filling = learn_filling(rows().inputs)
    assert filling.medians[INDEX["GLUCOSE"]] == 78
    assert filling.smokers_cigarettes == 20
