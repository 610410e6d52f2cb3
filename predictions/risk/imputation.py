"""Fills unknown inputs with what the manifest says."""

from typing import Final

import numpy as np

from predictions.arrays import BoolArray, FloatArray
from predictions.features import INDEX

_SMOKER: Final = INDEX["CURRENT_SMOKER"]
_CIGARETTES: Final = INDEX["CIGS_PER_DAY"]


def impute(
    matrix: FloatArray, medians: FloatArray, smokers_cigarettes: float
) -> tuple[FloatArray, BoolArray]:
    """(n, 14) with NaN where unknown: the complete matrix and the mask of what was filled.

    An unknown value takes its training median; cigarettes a day take 0 for a person who
    does not smoke and ``smokers_cigarettes`` for one who does, because all who lack the
    number in the training data smoke.
    """
    unknown = np.isnan(matrix)
    if not unknown.any():
        return matrix, unknown
    complete = np.where(unknown, medians, matrix)
    usual = np.where(matrix[:, _SMOKER] == 1, smokers_cigarettes, 0.0)
    np.copyto(complete[:, _CIGARETTES], usual, where=unknown[:, _CIGARETTES])
    return complete, unknown
