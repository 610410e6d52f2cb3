"""The simulated week: when people come, and what happens in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from monitoring.alerts.definitions import LEAST_REQUESTS, WINDOW
from monitoring.period import Period

DAY: Final = timedelta(days=1)
SPAN: Final = 7 * DAY
_HOUR: Final = timedelta(hours=1)
# How many come in each hour of a working day, UTC, beside one another.
_RHYTHM: Final = (
    *(0.08, 0.05, 0.05, 0.05, 0.06, 0.1, 0.3, 0.7, 1.0, 1.3, 1.4, 1.3),
    *(0.8, 1.0, 1.2, 1.1, 0.9, 0.6, 0.35, 0.25, 0.2, 0.15, 0.12, 0.1),
)
_WEEKEND: Final = 0.25
_FIRST_OF_WEEKEND: Final = 5
# In the minutes that an alert looks at there are always enough requests, with some to spare.
_PER_WINDOW: Final = LEAST_REQUESTS + 5
_SLOW_FROM: Final = 10
_SLOW_ENDED_BEFORE: Final = timedelta(hours=2)
_AWAY_FROM: Final = 15
_AWAY_SPAN: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days up to now, and in them, each on a working day of its own:

    ``slow``, in which answers take long; ``away``, in which the model file is missing;
    ``shifted``, a day on which other people come than those the model learned from.
    ``usual`` is a day without any of that but ``away``. All times UTC.
    """

    period: Period
    slow: Period
    away: Period
    shifted: Period
    usual: Period

    @classmethod
    def ending(cls, now: datetime, slow_for: timedelta = _HOUR) -> "Week":
        """``slow_for``: an hour at most."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        slow_at = timedelta(hours=_SLOW_FROM)
        seen = now - slow_at - slow_for - _SLOW_ENDED_BEFORE
        days = (midnight - number * DAY for number in range(7))
        working = [day for day in days if not _is_weekend(day) and day <= seen]
        slow, away, shifted = working[:3]
        missing = away + timedelta(hours=_AWAY_FROM)
        return cls(
            period=Period.last(SPAN, now),
            slow=Period(slow + slow_at, slow + slow_at + slow_for),
            away=Period(missing, missing + _AWAY_SPAN),
            shifted=Period(shifted, shifted + DAY),
            usual=Period(away, away + DAY),
        )

    def working_days(self) -> Iterator[datetime]:
        """The midnights that begin them, oldest first; not that of a day that began before."""
        day = self.period.start.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        while day < self.period.end:
            if not _is_weekend(day):
                yield day
            day += DAY


def visits(week: Week, count: int, random: np.random.Generator) -> list[datetime]:
    """When requests come, oldest first: about ``count``, and those of ``slow`` and ``away``.

    Of these two there are as many in every window as an alert needs.
    """
    hours = [week.period.start + number * _HOUR for number in range(int(SPAN / _HOUR))]
    weights = np.array([_weight(hour) for hour in hours])
    chosen = random.choice(len(hours), size=count, p=weights / weights.sum())
    later = random.random(count)
    usual = [hours[hour] + part * _HOUR for hour, part in zip(chosen, later, strict=True)]
    special = (week.slow, week.away)
    kept = [at for at in usual if not any(holds(period, at) for period in special)]
    return sorted([*kept, *evenly(week.slow), *evenly(week.away)])


def evenly(period: Period) -> list[datetime]:
    step = WINDOW / _PER_WINDOW
    return [period.start + number * step for number in range(int(period.span / step))]


def holds(period: Period, at: datetime) -> bool:
    return period.start <= at < period.end


def _weight(hour: datetime) -> float:
    return _RHYTHM[hour.hour] * (_WEEKEND if _is_weekend(hour) else 1)


def _is_weekend(day: datetime) -> bool:
    return day.weekday() >= _FIRST_OF_WEEKEND
