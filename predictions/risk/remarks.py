"""What is to be said of some rows of many: what was filled in, and the warnings.

Few rows have either, so that they are found for the whole batch at once.
"""

import numpy as np

from predictions.features import NAMES
from predictions.risk.prediction import Prediction, Predictions


def imputed_by_row(predictions: Predictions) -> dict[int, dict[str, float]]:
    """The value that each unknown input was given, of each row that has one."""
    filled: dict[int, dict[str, float]] = {}
    rows, columns = np.nonzero(predictions.imputed)
    values = predictions.values[rows, columns]
    for row, column, value in zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True):
        filled.setdefault(row, {})[NAMES[column]] = value
    return filled


def warned_by_row(predictions: Predictions) -> dict[int, Prediction]:
    """What the model says of each row that has a warning."""
    rows = np.flatnonzero(predictions.out_of_range.any(axis=1)).tolist()
    return {row: predictions.row(row) for row in rows}
