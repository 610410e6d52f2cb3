"""One look at one alert: what a reading does to its episode. No database, no clock.

A value of at least a threshold opens an episode, ``pending`` until every value has been so for
``holds_for``. A firing one ends below 80 % of the warning threshold, and is no longer critical
below 80 % of that one: in between nothing changes, so that a value that swings around a
threshold is told once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.alerts.definitions import CLEARS_BELOW, WINDOW, AlertDefinition
from monitoring.alerts.reading import Reading
from monitoring.models import Alert, Severity, State, Transition


@dataclass(frozen=True, slots=True)
class Judgement:
    """``alert``: to be saved, or None. ``dropped``: what never fired leaves no trace."""

    alert: Alert | None = None
    dropped: bool = False
    transition: Transition | None = None


def judge(
    definition: AlertDefinition,
    alert: Alert | None,
    reading: Reading,
    now: datetime,
    gap: timedelta,
) -> Judgement:
    """``alert``: the open one, which is changed in place; values further apart than ``gap`` do
    not hold together.
    """
    value = reading.value
    if value is None:
        return _without_value(alert, reading, now)
    if alert is None:
        if value < definition.warning:
            return Judgement()
        alert = _opened(definition, value, now)
    # A pending alert needs every value above; a firing one is patient in between.
    if alert.state == State.PENDING and value < definition.warning:
        return Judgement(dropped=True)
    _note(definition, alert, reading, value, now, gap)
    if alert.state == State.PENDING:
        return Judgement(alert, transition=_fire(definition, alert, now))
    return Judgement(alert, transition=_change(definition, alert, value, now))


def end(alert: Alert, now: datetime) -> Judgement:
    """A firing alert is over, whatever its value; a pending one never was."""
    if alert.state == State.PENDING:
        return Judgement(dropped=True)
    alert.state, alert.resolved = State.RESOLVED, now
    return Judgement(alert, transition=Transition.RESOLVED)


def _without_value(alert: Alert | None, reading: Reading, now: datetime) -> Judgement:
    """Unknown: no judgement. Too few requests: what holds begins anew, what fires has an end."""
    if alert is None or not reading.too_few:
        return Judgement()
    alert.critical_since = None
    alert.quiet_since = alert.quiet_since or now
    # The first such look has a whole window behind it already: these are two.
    if alert.state == State.PENDING or now - alert.quiet_since >= WINDOW:
        return end(alert, now)
    return Judgement(alert)


def _opened(definition: AlertDefinition, value: float, now: datetime) -> Alert:
    return Alert(name=definition.name, state=State.PENDING, worst=value, started=now, seen=now)


def _note(
    definition: AlertDefinition,
    alert: Alert,
    reading: Reading,
    value: float,
    now: datetime,
    gap: timedelta,
) -> None:
    """What is known of the episode after this value."""
    if now - alert.seen > gap:
        alert.critical_since = None
        if alert.state == State.PENDING:
            alert.started, alert.worst = now, value
    alert.value, alert.worst = value, max(value, alert.worst)
    alert.source, alert.seen, alert.quiet_since = reading.source, now, None
    if value < definition.critical:
        alert.critical_since = None
    elif alert.critical_since is None:
        alert.critical_since = now
    if alert.state == State.PENDING:
        _grade(definition, alert, Severity.CRITICAL if alert.critical_since else Severity.WARNING)


def _fire(definition: AlertDefinition, alert: Alert, now: datetime) -> Transition | None:
    if now - alert.started < definition.holds_for:
        return None
    critical = _holds(definition, alert, now)
    _grade(definition, alert, Severity.CRITICAL if critical else Severity.WARNING)
    alert.state, alert.fired = State.FIRING, now
    return Transition.FIRED


def _change(
    definition: AlertDefinition, alert: Alert, value: float, now: datetime
) -> Transition | None:
    if value < definition.clears_below:
        return end(alert, now).transition
    if alert.severity == Severity.WARNING and _holds(definition, alert, now):
        _grade(definition, alert, Severity.CRITICAL)
        return Transition.WORSENED
    if alert.severity == Severity.CRITICAL and value < definition.critical * CLEARS_BELOW:
        _grade(definition, alert, Severity.WARNING)
        return Transition.EASED
    return None


def _holds(definition: AlertDefinition, alert: Alert, now: datetime) -> bool:
    """Critical for long enough."""
    since = alert.critical_since
    return since is not None and now - since >= definition.holds_for


def _grade(definition: AlertDefinition, alert: Alert, severity: Severity) -> None:
    critical = severity == Severity.CRITICAL
    alert.severity = severity
    alert.threshold = definition.critical if critical else definition.warning
