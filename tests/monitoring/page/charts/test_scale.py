"""Axes: round ticks that hold every value."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.page.charts.scale import Axis
from monitoring.page.formats import compact

GREATEST = st.floats(min_value=1e-6, max_value=1e15)


@given(GREATEST, st.booleans())
def test_it_reaches_every_value_and_not_much_further(greatest: float, whole: bool) -> None:
    axis = Axis.reaching(greatest, whole=whole)
    assert greatest <= axis.high * (1 + 1e-9)
    assert axis.high <= max(greatest * 2.5, 1)


@given(GREATEST, st.booleans())
def test_it_has_a_handful_of_ticks(greatest: float, whole: bool) -> None:
    assert 2 <= len(Axis.reaching(greatest, whole=whole).ticks(compact)) <= 6


@given(GREATEST)
def test_its_step_is_1_2_two_and_a_half_or_5_of_a_power_of_ten(greatest: float) -> None:
    step = Axis.reaching(greatest).step
    digits = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(digits - each) for each in (1, 2, 2.5, 5)) < 1e-6


@pytest.mark.parametrize(
    ("greatest", "labels"),
    [
        (0, ["0", "1"]),
        (7.3, ["0", "2", "4", "6", "8"]),
        (100, ["0", "25", "50", "75", "100"]),
        (0.004, ["0", "0.001", "0.002", "0.003", "0.004"]),
        (1_234_567, ["0", "500k", "1M", "1.5M"]),
    ],
)
def test_it_labels_round_numbers(greatest: float, labels: list[str]) -> None:
    assert [tick.label for tick in Axis.reaching(greatest).ticks(compact)] == labels


@pytest.mark.parametrize(
    ("greatest", "labels"),
    [(1, ["0", "1"]), (3, ["0", "1", "2", "3"]), (10, ["0", "5", "10"])],
)
def test_it_counts_in_whole_numbers(greatest: float, labels: list[str]) -> None:
    ticks = Axis.reaching(greatest, whole=True).ticks(compact)
    assert [tick.label for tick in ticks] == labels


def test_its_ticks_rise_from_the_bottom() -> None:
    assert [tick.at for tick in Axis.reaching(4).ticks(compact)] == [
        "100%",
        "75%",
        "50%",
        "25%",
        "0%",
    ]
