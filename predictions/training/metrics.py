"""Figures of how well probabilities fit what happened."""

from typing import Final

import numpy as np
from scipy.special import expit, logit
from scipy.stats import rankdata

from predictions.arrays import FloatArray

# Each doubles the digits that are right.
_NEWTON_STEPS: Final = 10


def auc(probability: FloatArray, outcome: FloatArray) -> float:
    """Chance that one who fell ill was given more than one who did not (ties count half)."""
    ill = outcome == 1
    count, others = int(ill.sum()), int((~ill).sum())
    ranks = rankdata(probability)[ill].sum()
    return float((ranks - count * (count + 1) / 2) / (count * others))


def brier(probability: FloatArray, outcome: FloatArray) -> float:
    """Mean squared difference between probability and outcome."""
    return float(np.mean((probability - outcome) ** 2))


def calibration(probability: FloatArray, outcome: FloatArray) -> tuple[float, float]:
    """Intercept and slope of the outcome's logistic regression on the probability's logit.

    Cox, Biometrika 1958;45:562-565: (0, 1) is perfect; a slope below 1 says that the
    probabilities are too extreme.
    """
    design = np.column_stack([np.ones_like(probability), logit(probability)])
    weights = np.array([0.0, 1.0])
    for _ in range(_NEWTON_STEPS):
        chance = expit(design @ weights)
        curvature = (design.T * (chance * (1 - chance))) @ design
        weights += np.linalg.solve(curvature, design.T @ (outcome - chance))
    return float(weights[0]), float(weights[1])


def figures(probability: FloatArray, outcome: FloatArray) -> dict[str, float]:
    """AUC, Brier score, calibration intercept and slope, observed over expected."""
    intercept, slope = calibration(probability, outcome)
    return {
        "auc": auc(probability, outcome),
        "brier": brier(probability, outcome),
        "calibration_slope": slope,
        "calibration_intercept": intercept,
        "observed_expected": float(outcome.mean() / probability.mean()),
    }


def at_threshold(
    probability: FloatArray, outcome: FloatArray, threshold: float
) -> dict[str, float]:
    """Sensitivity, specificity, positive and negative predictive value."""
    said, ill = probability >= threshold, outcome == 1
    return {
        "sensitivity": float(said[ill].mean()),
        "specificity": float((~said)[~ill].mean()),
        "ppv": float(ill[said].mean()),
        "npv": float((~ill)[~said].mean()),
    }


def best_threshold(probability: FloatArray, outcome: FloatArray) -> float:
    """The whole percentage with the greatest sensitivity + specificity (Youden 1950)."""
    candidates = np.arange(5, 31) / 100
    said = probability >= candidates[:, np.newaxis]
    youden = said[:, outcome == 1].mean(axis=1) + (~said)[:, outcome == 0].mean(axis=1)
    return float(candidates[int(np.argmax(youden))])
