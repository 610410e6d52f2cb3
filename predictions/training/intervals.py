"""95 % intervals of figures, by drawing the people anew."""

from collections.abc import Callable
from typing import Final

import numpy as np

from predictions.arrays import IntArray

_RESAMPLES: Final = 300
_SEED: Final = 1948
_ENDS: Final = (2.5, 97.5)
Figures = dict[str, float]


def with_intervals(
    measure: Callable[[IntArray], Figures], people: int
) -> dict[str, dict[str, float]]:
    """Each figure's value on all rows, and the ends of its bootstrap percentile interval.

    ``measure`` takes row indices; Efron and Tibshirani, An Introduction to the
    Bootstrap (1993), chapter 13. The fitted models stay as they are.
    """
    generator = np.random.default_rng(_SEED)
    value = measure(np.arange(people))
    drawn = [measure(generator.integers(0, people, people)) for _ in range(_RESAMPLES)]
    result = {}
    for name, figure in value.items():
        low, high = np.percentile([draw[name] for draw in drawn], _ENDS)
        result[name] = {
            "value": round(figure, 4),
            "low": round(float(low), 4),
            "high": round(float(high), 4),
        }
    return result
