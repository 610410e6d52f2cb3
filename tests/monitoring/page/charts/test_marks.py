"""Bars and lines: where they stand, and that nothing is drawn where nothing was measured."""

import math

from monitoring.page.charts.marks import Series, line, stacked_bars
from monitoring.page.charts.scale import Axis

AXIS = Axis(10, 5)


def of(*values: float | None) -> Series:
    return Series("one", "values", values)


def test_a_line_goes_from_the_middle_of_a_bucket_to_the_next() -> None:
    path, dots = line(AXIS, of(0, 10))
    assert (path.d, dots) == ("M250 1000L750 0", [])


def test_a_line_is_broken_where_nothing_was_measured() -> None:
    path, _dots = line(AXIS, of(0, 0, None, 10, 10))
    assert path.d == "M100 1000L300 1000M700 0L900 0"


def test_a_value_without_neighbours_is_a_dot() -> None:
    path, dots = line(AXIS, of(None, 5, None))
    assert path.d == ""
    assert [(dot.x, dot.y) for dot in dots] == [("50%", "50%")]


def test_nothing_measured_is_nothing_drawn() -> None:
    assert line(AXIS, of(None, None)) == (line(AXIS, of(None))[0], [])


def test_zero_is_drawn_at_the_bottom() -> None:
    assert line(AXIS, of(0, 0))[0].d == "M250 1000L750 1000"


def test_a_great_value_stays_within_the_drawing() -> None:
    series = of(1e15, 3)
    path, _dots = line(Axis.reaching(series.greatest), series)
    numbers = [float(each) for each in path.d.replace("M", " ").replace("L", " ").split()]
    assert all(0 <= each <= 1000 and math.isfinite(each) for each in numbers)


def test_bars_stand_on_each_other() -> None:
    below, above = stacked_bars(AXIS, [of(5), Series("two", "more", [2.5])])
    assert (below.y, below.height, below.tone) == ("50%", "50%", "one")
    assert (above.y, above.height, above.tone) == ("25%", "25%", "two")


def test_bars_leave_room_between_them() -> None:
    first, second = stacked_bars(AXIS, [of(1, 1)])
    assert (first.x, first.width, second.x) == ("5%", "40%", "55%")


def test_nothing_is_no_bar() -> None:
    assert stacked_bars(AXIS, [of(0, 0, None)]) == []
