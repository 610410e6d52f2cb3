"""The figures that this model promises, measured anew."""

from functools import lru_cache

import numpy as np
import pytest
from sklearn.model_selection import RepeatedStratifiedKFold

from predictions.training.crossvalidation import FOLDS, SEED, CrossValidation, cross_validate
from predictions.training.fit import fit
from tests.predictions.models import raw_manifest, rows


@lru_cache
def with_other_seed() -> CrossValidation:
    """Four repeats with splits that no choice was made on."""
    return cross_validate(rows(), repeats=4, seed=SEED + 1)


def mean(name: str) -> float:
    return with_other_seed().summary()[name]["mean"]


def test_it_ranks_better_than_0_728() -> None:
    assert mean("auc") >= 0.728


def test_its_error_is_below_0_1165() -> None:
    assert mean("brier") <= 0.1165


def test_its_calibration_slope_is_near_1() -> None:
    assert 0.95 <= mean("calibration_slope") <= 1.05


def test_as_many_fall_ill_as_it_expects() -> None:
    assert 0.97 <= mean("observed_expected") <= 1.03


def test_the_manifest_promises_what_other_splits_give() -> None:
    promised = raw_manifest()["metrics"]["overall"]
    assert mean("auc") == pytest.approx(promised["auc"]["mean"], abs=0.002)
    assert mean("brier") == pytest.approx(promised["brier"]["mean"], abs=0.0003)


def test_everybody_is_predicted_once_in_each_repeat() -> None:
    probability = with_other_seed().probability
    assert probability.shape == (4, 4240)
    assert ((probability > 0) & (probability < 1)).all()


def test_people_are_predicted_by_a_model_of_the_others() -> None:
    inputs, outcome = rows().inputs, rows().outcome
    splitter = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=1, random_state=SEED)
    train, test = next(splitter.split(inputs, outcome))
    of_the_others = fit(inputs[train], outcome[train]).probability(inputs[test])
    given = cross_validate(rows(), repeats=1).probability[0, test]
    np.testing.assert_allclose(given, of_the_others, rtol=0, atol=1e-9)
