"""From the 14 inputs to the model's 28 features: one code for training, row and batch.

The formulas are written once, for anything that can be computed with. For one person
they run over Python's numbers: numpy takes 25 µs for a row, most of it to make and
to look at arrays of one element, Python 4 µs. Either gives the same to the last bit.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import NAMES
from predictions.risk.derived import ALL_NAMES

# ACC/AHA 2017: the pressures, in mmHg, from which each stage begins.
_SYSTOLIC_STAGES: Final = (120.0, 130.0, 140.0, 180.0)
_DIASTOLIC_STAGES: Final = (80.0, 90.0, 120.0)

# A float, or a column of floats.
Value = Any


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What the formulas compare one kind of ``Value`` with.

    ``passed(limits, value)`` counts the limits that the value has reached.
    """

    least: Callable[[Value, Value], Value]
    greatest: Callable[[Value, Value], Value]
    passed: Callable[[Sequence[float], Value], Value]


_OF_FLOATS: Final = Comparisons(min, max, bisect_right)
_OF_COLUMNS: Final = Comparisons(np.minimum, np.maximum, partial(np.searchsorted, side="right"))


def derive(matrix: FloatArray) -> FloatArray:
    """(n, 14) complete inputs, columns as in ``features.NAMES``, to (n, 28).

    The columns of the result are ``derived.ALL_NAMES``. It is laid out by column.
    """
    columns = np.empty((len(ALL_NAMES), len(matrix)))
    columns[: len(NAMES)] = matrix.T
    derived = _derived(*columns[: len(NAMES)], of=_OF_COLUMNS)
    for column, values in zip(columns[len(NAMES) :], derived, strict=True):
        column[:] = values
    return columns.T


def derive_row(person: Sequence[float]) -> tuple[float, ...]:
    """One person: the 14 complete inputs to the 28 features, in the same order."""
    return *person, *_derived(*person, of=_OF_FLOATS)


def hypertension_stage(systolic: Value, diastolic: Value, of: Comparisons = _OF_COLUMNS) -> Value:
    """0 to 4, the higher of what the two pressures (mmHg) say."""
    by_systolic = of.passed(_SYSTOLIC_STAGES, systolic)
    by_diastolic = of.passed(_DIASTOLIC_STAGES, diastolic)
    # The diastolic pressure has no stage 1 ("elevated").
    return of.greatest(by_systolic, by_diastolic + (by_diastolic > 0))


def _derived(
    age: Value,
    male: Value,
    _smoker: Value,
    cigarettes: Value,
    _medication: Value,
    _stroke: Value,
    _hypertension: Value,
    _diabetes: Value,
    cholesterol: Value,
    systolic: Value,
    diastolic: Value,
    bmi: Value,
    _heart_rate: Value,
    glucose: Value,
    *,
    of: Comparisons,
) -> tuple[Value, ...]:
    """The 14 derived features, in the order of ``derived.DERIVED``."""
    pulse = systolic - diastolic
    return (
        pulse,
        diastolic + pulse / 3,
        hypertension_stage(systolic, diastolic, of),
        age * pulse / 100,
        cigarettes / 20 * (age - 18),
        # Numpy's for one person too: the last bit of Python's own differs at times.
        np.log(age),
        -1000.0 / age,
        of.least(age, 50.0),
        np.log1p(cigarettes),
        male * systolic,
        male * pulse,
        male * cholesterol,
        of.greatest(glucose - 100, 0.0),
        of.greatest(18.5 - bmi, 0.0),
    )
