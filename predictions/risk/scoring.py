"""How the loaded estimator is asked for probabilities, quickly.

scikit-learn checks its input in every step: 0.2 ms for one row, most of a prediction.
For the model that this project trains (a scaler and a logistic regression) the same
arithmetic is done here in a line; any other estimator is asked as it is.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from scipy.special import expit
from sklearn import config_context
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from predictions.arrays import FloatArray


class Estimator(Protocol):
    """What a model file holds."""

    def predict_proba(self, features: FloatArray) -> FloatArray:
        """(n, 28) to (n, 2): the chance of NO and of YES."""


class Scorer(Protocol):
    """The estimator's probabilities of YES, from 28 features."""

    def many(self, features: FloatArray) -> FloatArray:
        """(n, 28) to (n,)."""

    def one(self, features: Sequence[float]) -> float:
        """One person's 28."""


def scorer_of(estimator: Estimator) -> Scorer:
    """How to ask this estimator."""
    steps = _steps(estimator)
    if _is_scaled_regression(steps):
        return LinearScorer(*steps)
    return GeneralScorer(estimator)


def _steps(estimator: object) -> list[Any]:
    # A subclass may compute something else, hence no isinstance.
    pipeline: Any = estimator
    return [step for _, step in pipeline.steps] if type(pipeline) is Pipeline else []


def _is_scaled_regression(steps: list[Any]) -> bool:
    if [type(step) for step in steps] != [StandardScaler, LogisticRegression]:
        return False
    scaler, regression = steps
    return bool(scaler.with_mean and scaler.with_std and len(regression.classes_) == 2)


class LinearScorer:
    """Scaling and regression folded into one: w·(x - mean)/scale + b = (w/scale)·x + b'."""

    def __init__(self, scaler: StandardScaler, regression: LogisticRegression) -> None:
        weights = regression.coef_[0] / scaler.scale_
        self._weights: list[float] = weights.tolist()
        self._intercept = float(regression.intercept_[0] - scaler.mean_ @ weights)

    def many(self, features: FloatArray) -> FloatArray:
        # Feature after feature, as ``one`` does: a person gets the same probability, to the
        # last bit, alone and in any batch. A matrix product adds up in another order.
        log_odds = np.full(len(features), self._intercept)
        for weight, column in zip(self._weights, features.T, strict=True):
            log_odds += weight * column
        probabilities: FloatArray = expit(log_odds)
        return probabilities

    def one(self, features: Sequence[float]) -> float:
        # Numpy would take 7 µs, most of it to make an array and to look at it. Not sum(): from
        # Python 3.12 on it corrects its rounding, which ``many`` does not.
        log_odds = self._intercept
        for weight, value in zip(self._weights, features, strict=True):
            log_odds += weight * value
        return float(expit(log_odds))


class GeneralScorer:
    """Any estimator, asked as it is."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator

    def many(self, features: FloatArray) -> FloatArray:
        with config_context(assume_finite=True, skip_parameter_validation=True):
            probabilities = self._estimator.predict_proba(features)
        return np.asarray(probabilities[:, 1], dtype=np.float64)

    def one(self, features: Sequence[float]) -> float:
        return float(self.many(np.array([features]))[0])
