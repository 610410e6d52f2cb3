"""Alerts in the database: judged all together, in one transaction; the database has the truth."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Case, IntegerField, QuerySet, When

from monitoring.alerts.definitions import ALERTS
from monitoring.alerts.judge import Judgement, end, judge
from monitoring.alerts.reading import Reading
from monitoring.models import Alert, AlertEvent, Severity, State, Transition
from monitoring.models.alerts import OPEN_STATES

# Values further apart than so many intervals do not hold together: nobody looked in between.
MOST_INTERVALS_APART: Final = 3


def evaluate(
    now: datetime, readings: Mapping[str, Reading], interval: timedelta
) -> list[AlertEvent]:
    """Saves what the readings change; the events of it, saved too, in the definitions' order.

    ``interval``: between two evaluations. Another evaluator may run at the same time: one
    waits for the other, and where both would open the same alert the second one does nothing.
    Raises ``DatabaseError``; then nothing is saved.
    """
    gap = interval * MOST_INTERVALS_APART
    with transaction.atomic():
        # One order for all, so that two evaluators do not wait for each other.
        found = Alert.objects.select_for_update().filter(state__in=OPEN_STATES).order_by("pk")
        alerts = {alert.name: alert for alert in found}
        ahead = _seen_later(now, gap)
        events = []
        for definition in ALERTS:
            reading = readings.get(definition.name)
            if reading is None or definition.name in ahead:
                continue
            alert = alerts.get(definition.name)
            events.append(_save(alert, judge(definition, alert, reading, now, gap), now))
        unknown = [alert for alert in alerts.values() if alert.definition is None]
        events += [_save(alert, end(alert, now), now) for alert in unknown]
    return [event for event in events if event is not None]


def open_alerts() -> list[Alert]:
    """Firing ones first, critical ones first among them, then the oldest."""
    return list(
        Alert.objects.filter(state__in=OPEN_STATES).order_by(
            _first("state", State.FIRING), _first("severity", Severity.CRITICAL), "started", "pk"
        )
    )


def recent_alerts(limit: int) -> list[Alert]:
    """Those that fired, or still do, the latest first."""
    fired: QuerySet[Alert] = Alert.objects.filter(fired__isnull=False)
    return list(fired.order_by("-fired", "-pk")[:limit])


def _first(field: str, value: str) -> Case:
    return Case(When(**{field: value}, then=0), default=1, output_field=IntegerField())


def _seen_later(now: datetime, gap: timedelta) -> set[str]:
    """What another evaluator has judged by later figures. Not after a clock was set back."""
    later = Alert.objects.filter(seen__gt=now, seen__lte=now + gap)
    return set(later.values_list("name", flat=True))


def _save(alert: Alert | None, judgement: Judgement, now: datetime) -> AlertEvent | None:
    if judgement.dropped and alert is not None:
        alert.delete()
    if judgement.alert is None:
        return None
    try:
        # Within the transaction, so that one refused row does not cost the others.
        with transaction.atomic():
            judgement.alert.save()
    except IntegrityError:
        # Another evaluator was here first, and has told it.
        return None
    if judgement.transition is None:
        return None
    return _event(judgement.alert, judgement.transition, now)


def _event(alert: Alert, transition: Transition, now: datetime) -> AlertEvent:
    """Without a value where the alert has ended without one."""
    return AlertEvent.objects.create(
        alert=alert,
        transition=transition,
        severity=alert.severity,
        value=alert.value if alert.seen == now else None,
        threshold=alert.threshold,
        at=now,
    )
