"""A ridge logistic regression whose clinically signed coefficients are bounded at zero.

scikit-learn has no bounds, so the coefficients are found here and put into a plain
``Pipeline(StandardScaler, LogisticRegression)``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from predictions.arrays import BoolArray, FloatArray
from predictions.features import INDEX
from predictions.risk.derivation import derive
from predictions.risk.derived import ALL_NAMES, RISING, inputs_of
from predictions.risk.imputation import impute

# Inverse of the ridge's weight, as scikit-learn's C. How it was chosen: docs/adr/0002.
STRENGTH: Final = 0.01
# Inputs known to go with more risk: those of RISING, which the site promises, and male sex,
# treated pressure (D'Agostino 2008), body mass index and heart rate (Kannel et al., Am Heart J
# 1987;113:1489-1494). DIA_BP is left to the data: at a given systolic pressure a higher one
# narrows the pulse pressure.
SIGNED: Final = RISING | {"GENDER", "BP_MEDS", "BMI", "HEART_RATE"}
# Digits kept, far beyond what matters: it hides the last bits, which differ by processor.
_DECIMALS: Final = 10
# Each doubles the digits that are right.
_NEWTON_STEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Filling:
    """What unknown inputs are filled with: (14,) medians, and the smokers' cigarettes a day."""

    medians: FloatArray
    smokers_cigarettes: float

    def fill(self, inputs: FloatArray) -> FloatArray:
        return impute(inputs, self.medians, self.smokers_cigarettes)[0]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model as fitted on some rows: it predicts on rows with unknowns."""

    filling: Filling
    estimator: Pipeline

    def probability(self, inputs: FloatArray) -> FloatArray:
        features = derive(self.filling.fill(inputs))
        result: FloatArray = self.estimator.predict_proba(features)[:, 1]
        return result


def learn_filling(inputs: FloatArray) -> Filling:
    """Medians of what is known in (n, 14) rows."""
    smoker = inputs[:, INDEX["CURRENT_SMOKER"]] == 1
    cigarettes = inputs[smoker, INDEX["CIGS_PER_DAY"]]
    return Filling(np.nanmedian(inputs, axis=0), float(np.nanmedian(cigarettes)))


def bounded_features() -> BoolArray:
    """(28,): whose coefficient may not be negative."""
    return np.array([not SIGNED.isdisjoint(inputs_of(name)) for name in ALL_NAMES])


def fit(inputs: FloatArray, outcome: FloatArray, strength: float = STRENGTH) -> Fitted:
    """The model of (n, 14) rows and their (n,) outcomes of 0 and 1."""
    filling = learn_filling(inputs)
    features = derive(filling.fill(inputs))
    scaler = StandardScaler().fit(features)
    for name in ("mean_", "var_", "scale_"):
        setattr(scaler, name, getattr(scaler, name).round(_DECIMALS))
    weights, intercept = bounded_logistic(
        scaler.transform(features), outcome, bounded_features(), strength
    )
    return Fitted(filling, _pipeline(scaler, weights, intercept, strength))


def bounded_logistic(
    features: FloatArray, outcome: FloatArray, bounded: BoolArray, strength: float
) -> tuple[FloatArray, float]:
    """Weights (k,) and intercept of the penalised maximum likelihood, bounded at zero.

    Minimises log loss + |w|² / (2 strength), the intercept free of penalty, by L-BFGS-B,
    then Newton's method on the weights that are not held at zero.
    """
    design = np.column_stack([features, np.ones(len(features))])
    penalty = np.append(np.full(features.shape[1], 1 / strength), 0.0)
    limited = np.append(bounded, False)

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        score = design @ weights
        value = np.logaddexp(0, score).sum() - outcome @ score + penalty @ weights**2 / 2
        return float(value), design.T @ (expit(score) - outcome) + penalty * weights

    found = minimize(
        loss,
        np.zeros(design.shape[1]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None) if bound else (None, None) for bound in limited],
        options={"maxiter": 5000, "ftol": 1e-14, "gtol": 1e-8},
    )
    weights = _newton(design, outcome, penalty, limited, found.x).round(_DECIMALS)
    return weights[:-1], float(weights[-1])


def _newton(
    design: FloatArray,
    outcome: FloatArray,
    penalty: FloatArray,
    limited: BoolArray,
    weights: FloatArray,
) -> FloatArray:
    """From nearly there to the last digits, so that every machine finds the same weights."""
    for _ in range(_NEWTON_STEPS):
        free = (weights > 0) | ~limited
        chance = expit(design @ weights)
        slope = (design.T @ (chance - outcome) + penalty * weights)[free]
        part = design[:, free]
        curvature = (part.T * (chance * (1 - chance))) @ part + np.diag(penalty[free])
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(curvature, slope)
        weights = np.where(limited, np.maximum(weights - step, 0), weights - step)
    return weights


def _pipeline(
    scaler: StandardScaler, weights: FloatArray, intercept: float, strength: float
) -> Pipeline:
    regression = LogisticRegression(C=strength)
    regression.classes_ = np.array([0, 1])
    regression.coef_ = weights[np.newaxis]
    regression.intercept_ = np.array([intercept])
    regression.n_features_in_ = len(weights)
    return Pipeline([("scaler", scaler), ("regression", regression)])
