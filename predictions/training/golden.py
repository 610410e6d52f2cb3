"""Inputs with the probability the model gives them: the model's own health check."""

from typing import Any, Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import EXAMPLE, FEATURES, NAMES
from predictions.training.fit import Fitted
from predictions.training.framingham import Rows

_FROM_DATA: Final = 30


def golden_cases(model: Fitted, rows: Rows) -> list[dict[str, Any]]:
    """``{"input": {name: number or null}, "probability": p}`` each.

    Rows of the data (half of them with unknowns), the example, everything unknown that
    may be, and the corners of the physiological limits.
    """
    matrix = np.vstack([_from_data(rows.inputs), _corners(), _example()])
    probability = model.probability(matrix)
    return [
        {"input": _as_input(row), "probability": float(p)}
        for row, p in zip(matrix, probability, strict=True)
    ]


def _from_data(inputs: FloatArray) -> FloatArray:
    incomplete = np.isnan(inputs).any(axis=1)
    half = _FROM_DATA // 2
    parts = [inputs[mask][:: mask.sum() // half][:half] for mask in (incomplete, ~incomplete)]
    return np.vstack(parts)


def _example() -> FloatArray:
    example = np.array([EXAMPLE[name] for name in NAMES])
    unknown = example.copy()
    unknown[[feature.unknown_allowed for feature in FEATURES]] = np.nan
    unknown_smoker = unknown.copy()
    unknown_smoker[NAMES.index("CURRENT_SMOKER")] = 1
    return np.vstack([example, unknown, unknown_smoker])


def _corners() -> FloatArray:
    return np.array([[feature.low for feature in FEATURES], [feature.high for feature in FEATURES]])


def _as_input(row: FloatArray) -> dict[str, float | None]:
    return {
        name: None if np.isnan(value) else float(value)
        for name, value in zip(NAMES, row, strict=True)
    }
