"""Periods and their buckets."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.period import Period, milliseconds, moment

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("span", [timedelta(seconds=1), timedelta(hours=6), timedelta(days=91)])
def test_its_buckets_cover_it_and_are_few(span: timedelta) -> None:
    period = Period.last(span, NOON + timedelta(milliseconds=1))
    starts = period.bucket_starts
    assert starts[0] <= period.start < period.end <= starts[-1] + period.bucket
    assert len(starts) <= 51


def test_a_period_that_ends_with_a_bucket_has_not_the_next_one() -> None:
    assert Period(NOON - timedelta(hours=1), NOON).bucket_starts[-1] == NOON - timedelta(minutes=5)


def test_an_empty_period_at_the_edge_of_a_bucket_has_none() -> None:
    assert Period(NOON, NOON).bucket_starts == []


@pytest.mark.parametrize("at", [NOON, datetime(1969, 7, 20, 20, 17, 40, 1000, tzinfo=UTC)])
def test_a_time_is_known_to_the_millisecond(at: datetime) -> None:
    assert moment(milliseconds(at)) == at
    assert milliseconds(at + timedelta(microseconds=999)) == milliseconds(at)
