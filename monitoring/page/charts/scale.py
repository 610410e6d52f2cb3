"""Where an axis has its ticks: at round numbers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.page.charts.shapes import Tick, percent

_STEPS: Final = 4
_ROUND: Final = (1, 2, 2.5, 5, 10)
_ROUND_AND_WHOLE: Final = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Axis:
    """From 0 to ``high``, a round number that no value is above."""

    high: float
    step: float

    @classmethod
    def reaching(cls, greatest: float, *, whole: bool = False) -> "Axis":
        """``whole``: of counts, which have no halves."""
        if greatest <= 0:
            return cls(1, 1)
        if whole:
            step = max(1, _round_up(greatest / _STEPS, _ROUND_AND_WHOLE))
        else:
            step = _round_up(greatest / _STEPS, _ROUND)
        # Less than one in a thousand million: what a division leaves behind.
        return cls(step * math.ceil(greatest / step - 1e-9), step)

    def height(self, value: float) -> float:
        """As a share of the axis."""
        return value / self.high

    def ticks(self, label: Callable[[float], str]) -> Sequence[Tick]:
        """From the bottom up; ``at`` is measured from the top, as SVG does it."""
        values = [number * self.step for number in range(round(self.high / self.step) + 1)]
        return [Tick(percent(1 - self.height(value)), label(value)) for value in values]


def _round_up(step: float, factors: Sequence[float]) -> float:
    """The least of the factors times a power of ten that is at least ``step``."""
    magnitude = 10.0 ** math.floor(math.log10(step))
    return magnitude * next(each for each in factors if each * magnitude >= step * (1 - 1e-9))
