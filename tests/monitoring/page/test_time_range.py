"""The time that an address asks for."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.page.time_range import PRESETS, Preset, RangeForm, TimeRange
from monitoring.period import Period

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def form(**data: str) -> RangeForm:
    """``start`` is from, ``end`` is to."""
    names = {"start": "from", "end": "to", "key": "range"}
    return RangeForm({names[name]: value for name, value in data.items()}, NOW, "1h")


def period_of(**data: str) -> Period:
    asked = form(**data)
    assert asked.is_valid(), asked.refusals
    return asked.time_range().period


def test_it_is_the_default_unless_something_is_asked() -> None:
    assert period_of() == Period(NOW - timedelta(hours=1), NOW)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_it_is_a_preset(preset: Preset) -> None:
    asked = form(key=preset.key).time_range()
    assert asked == TimeRange(Period(NOW - preset.span, NOW), preset)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24T10:30", datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("2026-11-24T10:30:05", datetime(2026, 11, 24, 10, 30, 5, tzinfo=UTC)),
        ("2026-11-24 10:30", datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("2026-11-24T10:30+02:00", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_a_time_is_utc_where_it_says_nothing_else(text: str, moment: datetime) -> None:
    assert period_of(start=text) == Period(moment, NOW)


def test_from_and_to_go_before_a_preset() -> None:
    asked = form(start="2026-11-20T00:00", end="2026-11-21T00:00", key="7d").time_range()
    assert (asked.period.span, asked.preset) == (timedelta(days=1), None)


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"key": "2h"}, "range", "“2h” is none of 15m, 1h, 24h, 7d, 30d."),
        ({"key": "x" * 1000}, "range", "at most 10 characters"),
        ({"start": "yesterday"}, "from", "Write it like 2026-11-25T10:30; UTC."),
        ({"start": "2026-02-30T00:00"}, "from", "Write it like 2026-11-25T10:30; UTC."),
        ({"start": "0001-01-01T00:00+14:00"}, "from", "Must be between 2000 and 2200."),
        ({"start": "9999-12-31T23:59-14:00"}, "from", "Must be between 2000 and 2200."),
        ({"end": "2026-11-24T10:30"}, "from", "Missing: “to” alone says no period."),
        (
            {"start": "2026-11-24T10:30", "end": "2026-11-24T10:30"},
            "to",
            "Must be after “from”, 2026-11-24 10:30:00 UTC.",
        ),
        ({"start": "2026-11-24T12:30"}, "to", "Must be after “from”, 2026-11-24 12:30:00 UTC."),
        (
            {"start": "2020-01-01T00:00", "end": "2026-01-01T00:00"},
            "from",
            "The period is 2192 days long; at most 400 are shown.",
        ),
    ],
)
def test_it_says_which_field_is_wrong_and_why(data: dict[str, str], field: str, words: str) -> None:
    asked = form(**data)
    assert [name for name, _label, _words in asked.refusals] == [field]
    assert words in asked.refusals[0][2]


def test_it_shows_the_default_where_it_refuses() -> None:
    assert form(key="2h").time_range().period == Period(NOW - timedelta(hours=1), NOW)


@pytest.mark.parametrize(
    "data",
    [{"key": "7d"}, {"start": "2026-11-24T10:30:05", "end": "2026-11-24T11:00:00"}],
)
def test_it_can_be_asked_for_again(data: dict[str, str]) -> None:
    asked = form(**data).time_range()
    assert RangeForm(asked.parameters, NOW, "1h").time_range() == asked
