"""Numbers and times as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import translation

from monitoring.page import formats

NOON = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0.00 ms"),
        (0.123, "0.12 ms"),
        (42.06, "42.1 ms"),
        (421.5, "422 ms"),
        (9999, "9,999 ms"),
        (12_345, "12.3 s"),
    ],
)
def test_milliseconds_have_three_digits(value: float | None, text: str) -> None:
    assert formats.milliseconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (200_000, "2 days")],
)
def test_a_duration_is_in_its_largest_unit(value: float | None, text: str) -> None:
    assert formats.duration(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.25, "0.25"), (9999, "9999"), (15_000, "15k"), (2.5e6, "2.5M"), (3e9, "3G")],
)
def test_an_axis_is_short(value: float, text: str) -> None:
    assert formats.compact(value) == text


def test_a_share_of_nothing_is_none() -> None:
    assert (formats.share(1, 4), formats.share(0, 0)) == ("25.0%", "–")


def test_a_time_is_utc_wherever_it_comes_from() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=9)))
    assert formats.stamp(there) == "2026-11-24 12:00:05"


def test_a_clock_says_the_day_only_where_it_is_another() -> None:
    assert formats.clock(NOON, NOON) == "12:00"
    assert formats.clock(NOON - timedelta(days=1), NOON) == "2026-11-23 12:00"


def test_numbers_are_written_in_the_readers_language() -> None:
    with translation.override("fr"):
        assert formats.precise(42.06) == "42,1"
