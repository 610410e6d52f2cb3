"""Alerts in the database: what evaluations leave there, one after another and at once."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from monitoring.alerts.evaluate import evaluate, open_alerts, recent_alerts
from monitoring.models import Alert, AlertEvent, Severity, State, Transition
from tests.monitoring.alerts.looks import MINUTE, TOO_FEW, UNKNOWN, Seen, minute, reading

FIVE_MINUTES = range(6)


def look(at: datetime, *, interval: timedelta = MINUTE, **seen: Seen) -> Sequence[tuple[str, str]]:
    """The events of it, as alert and transition."""
    readings = {name: reading(each) for name, each in seen.items()}
    events = evaluate(at, readings, interval)
    return [(event.alert.name, event.transition) for event in events]


def fire(**seen: float) -> None:
    for number in FIVE_MINUTES:
        look(minute(number), interval=MINUTE, **seen)


@pytest.mark.django_db
def test_it_saves_an_alert_that_fires_and_its_event() -> None:
    fire(latency=150)
    alert, event = Alert.objects.get(), AlertEvent.objects.get()
    assert (alert.state, alert.severity, alert.fired) == ("firing", "warning", minute(5))
    assert (event.alert, event.transition, event.at) == (alert, Transition.FIRED, minute(5))


@pytest.mark.django_db
def test_an_event_has_the_value_and_the_threshold_of_its_moment() -> None:
    fire(latency=150)
    look(minute(6), latency=70)
    fired, resolved = AlertEvent.objects.order_by("at")
    assert (fired.value, fired.threshold, fired.severity) == (150, 100, "warning")
    assert (resolved.value, resolved.threshold, resolved.severity) == (70, 100, "warning")


@pytest.mark.django_db
def test_it_saves_that_an_alert_is_over() -> None:
    fire(latency=150)
    assert look(minute(6), latency=70) == [("latency", "resolved")]
    alert = Alert.objects.get()
    assert (alert.state, alert.resolved, alert.value) == ("resolved", minute(6), 70)


@pytest.mark.django_db
def test_a_second_time_is_a_second_alert() -> None:
    fire(latency=150)
    look(minute(6), latency=70)
    for number in FIVE_MINUTES:
        look(minute(10 + number), latency=150)
    assert list(Alert.objects.values_list("state", flat=True)) == ["firing", "resolved"]


@pytest.mark.django_db
def test_of_what_never_fired_no_row_is_left() -> None:
    look(minute(0), latency=150)
    look(minute(1), latency=99)
    assert (Alert.objects.count(), AlertEvent.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_an_alert_that_ends_for_want_of_requests_has_no_value() -> None:
    fire(latency=150)
    for number in FIVE_MINUTES:
        events = look(minute(6 + number), latency=TOO_FEW)
    assert events == [("latency", "resolved")]
    assert AlertEvent.objects.get(transition="resolved").value is None


@pytest.mark.django_db
def test_each_alert_is_judged_by_itself() -> None:
    fire(latency=150, cpu=10, inference=200, memory_delta=90)
    firing = Alert.objects.order_by("name").values_list("name", "severity")
    expected = [("inference", "critical"), ("latency", "warning"), ("memory_delta", "warning")]
    assert list(firing) == expected


@pytest.mark.django_db
def test_what_is_not_measured_stays_as_it_is() -> None:
    fire(latency=150)
    look(minute(6), latency=UNKNOWN)
    look(minute(7))
    assert Alert.objects.get().seen == minute(5)


@pytest.mark.django_db
def test_values_three_intervals_apart_hold_together_and_later_ones_do_not() -> None:
    every = timedelta(minutes=2)
    look(minute(0), interval=every, latency=150)
    assert look(minute(6), interval=every, latency=150) == [("latency", "fired")]
    look(minute(0), interval=every, cpu=150)
    assert look(minute(6.1), interval=every, cpu=150) == []


@pytest.mark.django_db
def test_an_alert_that_is_not_defined_any_more_ends() -> None:
    fire(latency=150)
    Alert.objects.update(name="of_a_former_version")
    assert look(minute(6)) == [("of_a_former_version", "resolved")]
    assert open_alerts() == []


@pytest.mark.django_db
def test_older_figures_change_nothing() -> None:
    fire(latency=150)
    assert look(minute(4.9), latency=10) == []
    look(minute(6), latency=10)
    assert look(minute(5.9), dead_letters=5, latency=150) == [("dead_letters", "fired")]
    assert Alert.objects.filter(name="latency").count() == 1


@pytest.mark.django_db
def test_a_clock_that_was_set_back_does_not_stop_it() -> None:
    look(minute(600), dead_letters=5)
    assert look(minute(0), dead_letters=0) == [("dead_letters", "resolved")]


@pytest.mark.django_db
def test_the_database_refuses_a_second_open_alert_of_a_name() -> None:
    look(minute(0), latency=150)
    alert = Alert.objects.get()
    alert.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        alert.save()


@pytest.mark.django_db
def test_open_alerts_are_listed_by_how_bad_they_are() -> None:
    look(minute(0), dead_letters=1, lost=1)
    look(minute(1), latency=150, drift=2)
    names = ["lost", "dead_letters", "drift", "latency"]
    assert [alert.name for alert in open_alerts()] == names


@pytest.mark.django_db
def test_recent_alerts_are_those_that_fired_the_latest_first() -> None:
    look(minute(0), dead_letters=1, latency=150)
    look(minute(1), lost=1, dead_letters=0)
    look(minute(2), drift=2)
    assert [alert.name for alert in recent_alerts(2)] == ["drift", "lost"]
    assert [alert.name for alert in recent_alerts(9)] == ["drift", "lost", "dead_letters"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("value", [0.0, 5.0, 100.0])
def test_evaluators_at_once_tell_each_thing_once(value: float) -> None:
    look(minute(0), dead_letters=5)
    events = at_once(4, minute(1), dead_letters=value, lost=1, spool=3)
    changed = {0.0: [("dead_letters", "resolved")], 5.0: []}
    expected = changed.get(value, [("dead_letters", "worsened")])
    assert sorted(events) == sorted([*expected, ("lost", "fired")])
    assert AlertEvent.objects.count() == 1 + len(events)
    assert Alert.objects.filter(name="spool", state=State.PENDING).count() == 1


def at_once(evaluators: int, at: datetime, **seen: float) -> list[tuple[str, str]]:
    """All events of evaluators that begin together, each with a connection of its own."""
    start = threading.Barrier(evaluators)

    def one(_: int) -> Sequence[tuple[str, str]]:
        try:
            connection.ensure_connection()
            start.wait(10)
            return look(at, interval=MINUTE, **seen)
        finally:
            connection.close()

    with ThreadPoolExecutor(evaluators) as executor:
        return [event for events in executor.map(one, range(evaluators)) for event in events]


@pytest.mark.django_db(transaction=True)
def test_an_evaluator_that_would_open_what_another_has_opened_does_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on PostgreSQL, where both may have looked before either has written."""
    look(minute(0), lost=1)
    monkeypatch.setattr("monitoring.alerts.evaluate.OPEN_STATES", ())
    assert look(minute(1), lost=1, drift=1) == [("drift", "fired")]
    assert Alert.objects.get(name="lost").severity == Severity.CRITICAL
