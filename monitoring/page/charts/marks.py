"""Bars and lines, from values to shapes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.page.charts.scale import Axis
from monitoring.page.charts.shapes import PATH_UNITS, Box, Dot, Path, percent

Values = Sequence[float | None]
# Of a bar's place, left free on either side.
_GAP: Final = 0.1


@dataclass(frozen=True, slots=True)
class Series:
    """None where nothing was measured."""

    tone: str
    label: str
    values: Values

    @property
    def is_measured(self) -> bool:
        """Zero is."""
        return any(value is not None for value in self.values)

    @property
    def greatest(self) -> float:
        return max((value for value in self.values if value is not None), default=0)


def stacked_bars(axis: Axis, layers: Sequence[Series]) -> Sequence[Box]:
    """The first at the bottom; none for 0."""
    boxes: list[Box] = []
    count = len(layers[0].values)
    width = percent((1 - 2 * _GAP) / count)
    for place in range(count):
        below = 0.0
        for layer in layers:
            height = axis.height(layer.values[place] or 0)
            if height > 0:
                x, y = (place + _GAP) / count, 1 - below - height
                boxes.append(Box(percent(x), percent(y), width, percent(height), layer.tone))
            below += height
    return boxes


def line(axis: Axis, series: Series) -> tuple[Path, Sequence[Dot]]:
    """Broken where nothing was measured: a line through a gap would be an invention."""
    count = len(series.values)
    strokes, dots = [], []
    for run in _runs(series.values):
        points = [((place + 0.5) / count, 1 - axis.height(value)) for place, value in run]
        if len(points) == 1:
            dots.append(Dot(percent(points[0][0]), percent(points[0][1]), series.tone))
        else:
            strokes.append("M" + "L".join(f"{_unit(x)} {_unit(y)}" for x, y in points))
    return Path("".join(strokes), series.tone), dots


def _runs(values: Values) -> Iterator[list[tuple[int, float]]]:
    """Neighbours with a value, as long as there are."""
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _unit(share: float) -> str:
    return f"{share * PATH_UNITS:.1f}".rstrip("0").rstrip(".")
