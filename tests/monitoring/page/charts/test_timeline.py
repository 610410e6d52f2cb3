"""The time axis: round times, the day where it matters."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from monitoring.page.charts.timeline import Timeline

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def timeline(start: datetime = NOON, *, count: int = 12, **width: int) -> Timeline:
    return Timeline(start, timedelta(**width), count)


def labels_of(of: Timeline) -> list[str]:
    return [tick.label for tick in of.ticks()]


@pytest.mark.parametrize(
    ("of", "labels"),
    [
        (timeline(seconds=5), ["12:00:00", "12:00:10", "12:00:20", "12:00:30"]),
        (timeline(minutes=5), ["12:00", "12:10", "12:20", "12:30"]),
        (timeline(count=48, minutes=30), ["12:00", "18:00", "25 Nov", "06:00"]),
        (timeline(count=28, hours=6), ["25 Nov", "26 Nov", "27 Nov", "28 Nov"]),
        (timeline(count=30, days=1), ["8 Dec", "13 Dec", "18 Dec"]),
        (timeline(count=50, days=7), ["1 Jan", "1 Mar", "1 May"]),
        (timeline(count=500, days=7), ["1 Jan"]),
    ],
)
def test_its_ticks_are_at_round_times(of: Timeline, labels: list[str]) -> None:
    assert set(labels_of(of)) >= set(labels)


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 60),
    st.sampled_from([1, 60, 3600, 86_400, 604_800]),
)
def test_it_has_few_ticks_and_none_outside(start: datetime, count: int, width: int) -> None:
    ticks = timeline(start, count=count, seconds=width).ticks()
    assert len(ticks) <= 8
    assert all(0 <= float(tick.at.removesuffix("%")) <= 100 for tick in ticks)


def test_it_leaves_out_every_other_label_where_there_is_little_room() -> None:
    assert [tick.minor for tick in timeline(minutes=5).ticks()][:4] == [False, True, False, True]


@pytest.mark.parametrize(
    ("of", "label"),
    [
        (timeline(count=2, seconds=1), "12:00:00"),
        (timeline(minutes=5), "12:00"),
        (timeline(count=48, hours=1), "2026-11-24 12:00"),
        (timeline(days=1), "2026-11-24"),
    ],
)
def test_a_bucket_is_named_by_its_beginning(of: Timeline, label: str) -> None:
    assert of.labels()[0] == label


def test_a_day_is_written_in_the_readers_language() -> None:
    with translation.override("fr"):
        assert "1 Déc" in labels_of(timeline(count=28, hours=6))


def test_its_columns_stand_side_by_side() -> None:
    columns = timeline(count=4, minutes=1).columns(["a", "b", "c", "d"])
    assert [(each.x, each.width, each.title) for each in columns] == [
        ("0%", "25%", "a"),
        ("25%", "25%", "b"),
        ("50%", "25%", "c"),
        ("75%", "25%", "d"),
    ]
