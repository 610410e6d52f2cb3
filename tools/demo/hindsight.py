"""Looks at the played week as the site would have done while it passed: alerts and drift.

The project's own functions, called with the simulated times.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from monitoring.alerts.definitions import BY_NAME, WINDOW, Kind
from monitoring.alerts.evaluate import evaluate
from monitoring.alerts.measure import read_all
from monitoring.alerts.reading import Reading
from monitoring.drift.report import make_report
from monitoring.models import AlertEvent
from monitoring.period import Period
from tools.demo.week import DAY, Week, holds

_INTERVAL: Final = timedelta(minutes=1)
# Until what was slow, or failed, has left the window that an alert looks at, and some more.
_UNTIL_CLEAR: Final = 3 * WINDOW

Look = tuple[datetime, Callable[[datetime], None]]


def look_back(week: Week, now: datetime) -> list[AlertEvent]:
    """A drift report of each whole day and of the last 24 hours, and the alerts, in order.

    The events of the alerts, oldest first.
    """
    events: list[AlertEvent] = []

    def alerts(then: datetime) -> None:
        events.extend(evaluate(then, _of_then(then), _INTERVAL))

    def drift(then: datetime) -> None:
        make_report(Period.last(DAY, then), then)
        alerts(then)

    looks: list[Look] = [(then, drift) for then in (*_ends_of_days(week), now)]
    for period in (week.slow, week.away):
        looks += [(then, alerts) for then in _minutes(period)]
    for then, look in sorted(looks, key=lambda each: each[0]):
        look(then)
    return events


def _of_then(now: datetime) -> dict[str, Reading]:
    """What can be measured of a time that has passed: not the state of pipeline and spool."""
    readings = read_all(now)
    return {
        name: reading
        for name, reading in readings.items()
        if BY_NAME[name].kind is not Kind.NUMBER or name == "drift"
    }


def _ends_of_days(week: Week) -> Iterator[datetime]:
    midnight = week.usual.start - 7 * DAY
    while midnight < week.period.end:
        if holds(week.period, midnight - DAY):
            yield midnight
        midnight += DAY


def _minutes(period: Period) -> Iterator[datetime]:
    now = period.start
    while now < period.end + _UNTIL_CLEAR:
        yield now
        now += _INTERVAL
