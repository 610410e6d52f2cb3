"""From the 14 inputs to the model's 28 features: one code for training, row and batch."""

from typing import Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import NAMES
from predictions.risk.derived import ALL_NAMES

# ACC/AHA 2017: the pressures, in mmHg, from which each stage begins.
_SYSTOLIC_STAGES: Final = np.array([120.0, 130.0, 140.0, 180.0])
_DIASTOLIC_STAGES: Final = np.array([80.0, 90.0, 120.0])


def hypertension_stage(systolic: FloatArray, diastolic: FloatArray) -> FloatArray:
    """0 to 4, the higher of what the two pressures (mmHg) say."""
    by_systolic = np.searchsorted(_SYSTOLIC_STAGES, systolic, side="right")
    by_diastolic = np.searchsorted(_DIASTOLIC_STAGES, diastolic, side="right")
    # The diastolic pressure has no stage 1 ("elevated").
    by_diastolic += by_diastolic > 0
    return np.maximum(by_systolic, by_diastolic).astype(np.float64)


def derive(matrix: FloatArray) -> FloatArray:
    """(n, 14) complete inputs, columns as in ``features.NAMES``, to (n, 28).

    The columns of the result are ``derived.ALL_NAMES``. It is laid out by column.
    """
    columns = np.empty((len(ALL_NAMES), len(matrix)))
    columns[: len(NAMES)] = matrix.T
    age, male, _, cigarettes, _, _, _, _, cholesterol, systolic, diastolic, bmi, _, glucose = (
        columns[: len(NAMES)]
    )
    pulse = np.subtract(systolic, diastolic, out=columns[14])
    columns[15] = diastolic + pulse / 3
    columns[16] = hypertension_stage(systolic, diastolic)
    columns[17] = age * pulse / 100
    columns[18] = cigarettes / 20 * (age - 18)
    np.log(age, out=columns[19])
    np.divide(-1000.0, age, out=columns[20])
    np.minimum(age, 50.0, out=columns[21])
    np.log1p(cigarettes, out=columns[22])
    np.multiply(male, systolic, out=columns[23])
    np.multiply(male, pulse, out=columns[24])
    np.multiply(male, cholesterol, out=columns[25])
    np.maximum(glucose - 100, 0, out=columns[26])
    np.maximum(18.5 - bmi, 0, out=columns[27])
    return columns.T
