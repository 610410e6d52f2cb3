"""An evaluator's rounds: what one part cannot do keeps no other part from its work."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError
from elasticsearch import Elasticsearch
from pytest_django import Settings

from monitoring.alerts import rounds
from monitoring.alerts.reading import Reading
from monitoring.alerts.rounds import Evaluator, Look, Notices, not_judged
from monitoring.models import Alert, AlertEvent, DriftReport
from monitoring.sources.away import SourceAwayError
from tests.monitoring.alerts.hook import Hook
from tests.monitoring.alerts.looks import MINUTE, NOON, UNKNOWN, an_event, minute
from tests.monitoring.traffic import Cost, log, prediction
from tests.predictions.logs import raising

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
ONE_EVALUATOR, ANOTHER_EACH_TIME = "one evaluator", "another one each time"


@pytest.fixture
def hook(settings: Settings) -> Iterator[Hook]:
    with Hook().running() as running:
        settings.ALERT_WEBHOOK_URL = running.url
        yield running


def traffic_until(number: int, latency: float) -> None:
    """A request every other second of the minute before."""
    cost = Cost(latency=latency)
    log(prediction(minute(number) - timedelta(seconds=n), cost=cost) for n in range(60, 0, -2))


@pytest.mark.parametrize("evaluators", [ONE_EVALUATOR, ANOTHER_EACH_TIME])
def test_slow_answers_are_told_once_and_so_is_their_end(hook: Hook, evaluators: str) -> None:
    """From entries in Redis to the webhook; a new process each minute makes no difference."""
    evaluator = Evaluator(MINUTE)
    for number in range(1, 25):
        # Twelve slow minutes, then quick ones.
        traffic_until(number, 700 if number <= 12 else 2)
        if evaluators == ANOTHER_EACH_TIME:
            evaluator = Evaluator(MINUTE)
        evaluator.round(minute(number), with_drift=False)
    told = [(body["alert"], body["transition"], body["severity"]) for body in hook.bodies]
    assert told == [
        ("latency", "fired", "critical"),
        ("latency", "eased", "warning"),
        ("latency", "resolved", "warning"),
    ]
    assert hook.bodies[0]["at"] == minute(6).isoformat()


def test_a_round_returns_what_it_found() -> None:
    look = Evaluator(MINUTE).round(NOON, with_drift=False)
    assert isinstance(look, Look)
    assert (look.readings["dead_letters"].value, look.events) == (0, [])


def test_a_database_that_is_away_is_a_line_and_the_next_round_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    evaluator = Evaluator(MINUTE)
    with monkeypatch.context() as patch:
        for part in ("evaluate", "tell", "read_all"):
            patch.setattr(rounds, part, raising(OperationalError))
        assert evaluator.round(NOON, with_drift=False) is None
    assert caplog.messages == [
        "The alerts could not be evaluated: OperationalError",
        "Nobody could be told of the alerts: OperationalError",
    ]
    assert evaluator.round(minute(1), with_drift=False) is not None


def test_what_cannot_be_evaluated_keeps_nobody_from_being_told(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_event()
    monkeypatch.setattr(rounds, "read_all", raising(RuntimeError))
    Evaluator(MINUTE).round(minute(1), with_drift=False)
    assert len(hook.bodies) == 1


@pytest.mark.usefixtures("no_redis", "no_elasticsearch")
def test_a_source_that_is_away_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    evaluator = Evaluator(MINUTE)
    for number in range(3):
        evaluator.round(minute(number), with_drift=False)
    (line,) = caplog.messages
    assert line.startswith("Not judged now: latency, cpu, memory_delta, inference, error_rate. ")


@pytest.mark.usefixtures("elastic")
def test_an_event_is_copied_to_elasticsearch(elastic: Elasticsearch, index_prefix: str) -> None:
    event = an_event()
    Evaluator(MINUTE).round(minute(1), with_drift=False)
    elastic.indices.refresh(index=f"{index_prefix}ml-api-alerts")
    (hit,) = elastic.search(index=f"{index_prefix}ml-api-alerts")["hits"]["hits"]
    assert hit["_id"] == str(event.pk)


@pytest.mark.usefixtures("no_elasticsearch")
def test_that_events_are_not_copied_is_said_once_and_when_it_is_over(
    caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    an_event()
    evaluator = Evaluator(MINUTE)
    for number in range(3):
        evaluator.round(minute(number), with_drift=False)
    away = [line for line in caplog.messages if "not copied" in line]
    assert len(away) == 1
    AlertEvent.objects.all().delete()
    with caplog.at_level(logging.INFO):
        evaluator.round(minute(3), with_drift=False)
    assert caplog.messages[-1] == "The trouble with copying alerts is over."


def test_a_site_without_elasticsearch_copies_nothing_and_says_nothing(
    caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.ES_URL = ""
    AlertEvent.objects.filter(pk=an_event().pk).update(told=NOON)
    Evaluator(MINUTE).round(minute(1), with_drift=False)
    assert caplog.messages == []


def test_it_makes_a_drift_report_every_hour() -> None:
    for number in (0, 1, 59, 60, 61):
        Evaluator(MINUTE).round(minute(number))
    assert sorted(DriftReport.objects.values_list("created", flat=True)) == [NOON, minute(60)]


def test_a_report_is_of_the_window_of_the_settings(settings: Settings) -> None:
    settings.DRIFT_WINDOW_HOURS = 6
    Evaluator(MINUTE).round(NOON)
    report = DriftReport.objects.get()
    assert (report.window_start, report.window_end) == (NOON - timedelta(hours=6), NOON)


def test_that_no_report_can_be_made_is_said_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise SourceAwayError("Redis does not answer.")

    monkeypatch.setattr("monitoring.drift.report.make_report", away)
    evaluator = Evaluator(MINUTE)
    for number in range(3):
        evaluator.round(minute(number))
    assert caplog.messages == ["No drift report can be made now: Redis does not answer."]


def test_a_report_that_fails_is_one_line(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.drift.report.make_report", raising(ValueError))
    assert Evaluator(MINUTE).round(NOON) is not None
    assert caplog.messages == ["No drift report could be made: ValueError"]


def test_no_report_is_made_where_it_is_not_asked_for() -> None:
    Evaluator(MINUTE).round(NOON, with_drift=False)
    assert (DriftReport.objects.count(), Alert.objects.count()) == (0, 0)


def test_what_is_not_judged_is_named_with_its_reason() -> None:
    elsewhere = Reading(why="The database does not answer.")
    readings = {"latency": UNKNOWN, "cpu": UNKNOWN, "lost": elsewhere, "spool": Reading(value=0)}
    assert not_judged(readings) == (
        "Not judged now: latency, cpu. Redis does not answer. "
        "Not judged now: lost. The database does not answer."
    )


def test_a_notice_is_news_when_it_changes(caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices()
    with caplog.at_level(logging.INFO):
        for sentence in ("", "One.", "One.", "Two.", "", "", "One."):
            notices.say("it", sentence)
    assert caplog.messages == ["One.", "Two.", "The trouble with it is over.", "One."]
