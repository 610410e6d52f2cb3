import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.metrics import brier_score_loss, confusion_matrix, roc_auc_score

from predictions.arrays import FloatArray
from predictions.training.metrics import (
    at_threshold,
    auc,
    best_threshold,
    brier,
    calibration,
    figures,
)

# Rounded, so that there are ties.
PROBABILITY = np.random.default_rng(1).uniform(0.02, 0.6, 5000).round(2)
OUTCOME = (np.random.default_rng(2).uniform(size=5000) < PROBABILITY).astype(float)


def test_its_auc_is_scikit_learns() -> None:
    assert auc(PROBABILITY, OUTCOME) == pytest.approx(roc_auc_score(OUTCOME, PROBABILITY))


def test_its_brier_score_is_scikit_learns() -> None:
    assert brier(PROBABILITY, OUTCOME) == pytest.approx(brier_score_loss(OUTCOME, PROBABILITY))


def test_outcomes_drawn_from_the_probabilities_are_calibrated() -> None:
    intercept, slope = calibration(PROBABILITY, OUTCOME)
    assert intercept == pytest.approx(0, abs=0.15)
    assert slope == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(("added", "factor"), [(0.4, 1.0), (0.0, 2.0), (-0.3, 0.5)])
def test_it_finds_back_how_the_logit_was_distorted(added: float, factor: float) -> None:
    plain = calibration(PROBABILITY, OUTCOME)
    distorted: FloatArray = expit((logit(PROBABILITY) - added) / factor)
    intercept, slope = calibration(distorted, OUTCOME)
    assert slope == pytest.approx(plain[1] * factor, rel=1e-6)
    assert intercept == pytest.approx(plain[0] + plain[1] * added, abs=1e-6)


def test_observed_over_expected_is_two_where_half_was_expected() -> None:
    assert figures(np.full(100, 0.1), np.arange(100) % 5 == 0)["observed_expected"] == (
        pytest.approx(2)
    )


def test_its_shares_at_a_threshold_are_those_of_the_confusion_matrix() -> None:
    (tn, fp), (fn, tp) = confusion_matrix(OUTCOME, PROBABILITY >= 0.3)
    assert at_threshold(PROBABILITY, OUTCOME, 0.3) == pytest.approx(
        {
            "sensitivity": tp / (tp + fn),
            "specificity": tn / (tn + fp),
            "ppv": tp / (tp + fp),
            "npv": tn / (tn + fn),
        }
    )


def test_it_finds_the_threshold_that_separates() -> None:
    probability = np.array([0.05, 0.1, 0.19, 0.21, 0.25, 0.5])
    assert best_threshold(probability, np.array([0, 0, 0, 1, 1, 1])) == 0.2
