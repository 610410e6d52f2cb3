"""The parts of a chart. Every coordinate is a text such as ``37.5%``: alike in every language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# A path's own units: the whole of the drawing, both ways. Templates have the same number.
PATH_UNITS: Final = 1000


def percent(share: float) -> str:
    """0.375 as ``37.5%``."""
    return f"{round(share * 100, 3):g}%"


@dataclass(frozen=True, slots=True)
class Tick:
    """``minor``: its label is left out where there is little room."""

    at: str
    label: str
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A bar, or a cell. ``tone`` is a class in monitoring.css."""

    x: str
    y: str
    width: str
    height: str
    tone: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """``d``: SVG's path data, in PATH_UNITS."""

    d: str
    tone: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with nothing measured on either side: no line leads there."""

    x: str
    y: str
    tone: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A level to compare with, drawn across at ``y`` or down at ``x``."""

    label: str
    y: str = ""
    x: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend."""

    tone: str
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The chart's numbers as text; the first column heads the rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """``summary`` is what is read aloud in place of the drawing; ``empty`` stands instead of it.

    ``columns`` cover the drawing, unseen; each has as its title what stands there.
    """

    name: str
    title: str
    unit: str = ""
    summary: str = ""
    note: str = ""
    # The greatest value, where shades stand for values.
    scale: str = ""
    empty: str = ""
    x_ticks: Sequence[Tick] = ()
    y_ticks: Sequence[Tick] = ()
    boxes: Sequence[Box] = ()
    paths: Sequence[Path] = ()
    dots: Sequence[Dot] = ()
    columns: Sequence[Box] = ()
    rules: Sequence[Rule] = ()
    keys: Sequence[Key] = ()
    table: Table | None = None
