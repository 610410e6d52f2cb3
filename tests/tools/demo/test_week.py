"""The simulated week, whatever day it ends on."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from monitoring.alerts.definitions import LEAST_REQUESTS, WINDOW
from tools.demo.week import DAY, Week, evenly, holds, visits

# A Wednesday.
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
# Every hour of a week: it may be played at any time.
ENDS = [NOON + timedelta(hours=hours, minutes=7) for hours in range(0, 168, 5)]


@pytest.mark.parametrize("now", ENDS)
def test_everything_that_happens_is_on_a_working_day_within_the_week(now: datetime) -> None:
    week = Week.ending(now)
    for period in (week.slow, week.away, week.shifted, week.usual):
        assert period.start.weekday() < 5
        assert week.period.start <= period.start < period.end <= now


@pytest.mark.parametrize("now", ENDS)
def test_each_thing_has_a_day_of_its_own(now: datetime) -> None:
    week = Week.ending(now)
    days = [period.start.date() for period in (week.slow, week.away, week.shifted)]
    assert len(set(days)) == 3


@pytest.mark.parametrize("now", ENDS)
def test_the_shifted_day_is_over_before_the_last_24_hours(now: datetime) -> None:
    assert Week.ending(now).shifted.end <= now - DAY


def test_the_usual_day_is_not_the_shifted_one() -> None:
    week = Week.ending(NOON)
    assert (week.usual.span, week.usual.start) == (DAY, week.away.start.replace(hour=0))


def test_a_slow_spell_may_be_short() -> None:
    week = Week.ending(NOON, timedelta(minutes=15))
    assert week.slow.span == timedelta(minutes=15)


@pytest.fixture(scope="module")
def coming() -> list[datetime]:
    return visits(Week.ending(NOON), 12_000, np.random.default_rng(1))


def test_visits_come_in_order_and_within_the_week(coming: list[datetime]) -> None:
    period = Week.ending(NOON).period
    assert coming == sorted(coming)
    assert all(holds(period, at) for at in coming)


def test_there_are_more_by_day_than_by_night_and_on_working_days(coming: list[datetime]) -> None:
    day = sum(8 <= at.hour < 18 for at in coming)
    weekend = sum(at.weekday() >= 5 for at in coming)
    assert day > len(coming) * 0.7
    assert 0.05 < weekend / len(coming) < 0.15


def test_an_alert_has_enough_requests_in_every_window_of_the_slow_hour(
    coming: list[datetime],
) -> None:
    slow = Week.ending(NOON).slow
    starts = [slow.start + number * WINDOW for number in range(12)]
    counts = [sum(start <= at < start + WINDOW for at in coming) for start in starts]
    assert min(counts) > LEAST_REQUESTS
    assert sum(counts) == len(evenly(slow)) == 300
