"""What the alerts' values are, measured in the real sources."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from logpipeline.models import DeadLetter, LogLoss
from monitoring.alerts.definitions import BY_NAME
from monitoring.alerts.evaluate import evaluate
from monitoring.alerts.measure import read_all
from monitoring.alerts.reading import Reading
from monitoring.models import DriftReport, Verdict
from predictions.log.entry import Entries
from predictions.log.process import get_log_process
from tests.monitoring.alerts.looks import MINUTE, NOON, minute
from tests.monitoring.traffic import Cost, batch, failure, log, prediction
from tests.predictions.logs import raising

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
SECOND = timedelta(seconds=1)


def of_last_minutes(requests: int, latency: float = 10) -> list[Entries]:
    """Single ones, a second apart, the last one just now."""
    cost = Cost(latency=latency, cpu=5, inference=2, memory_delta=0.5)
    return [prediction(NOON - number * SECOND, cost=cost) for number in range(requests, 0, -1)]


def a_report(drifting: int, verdict: Verdict, age: timedelta) -> None:
    DriftReport.objects.create(
        created=NOON - age,
        source="redis",
        window_start=NOON - timedelta(days=1),
        window_end=NOON,
        rows=1000,
        model_version="1.0.0",
        verdict=verdict,
        drifting=drifting,
    )


def test_every_alert_is_measured() -> None:
    assert list(read_all(NOON)) == list(BY_NAME)


def test_the_means_are_of_the_last_five_minutes() -> None:
    late = prediction(NOON - timedelta(minutes=6), cost=Cost(latency=5000))
    log([late, *of_last_minutes(30)])
    found = read_all(NOON)
    assert found["latency"] == Reading(value=10, source="redis", requests=30)
    assert [found[name].value for name in ("cpu", "inference", "memory_delta")] == [5, 2, 0.5]


def test_fewer_than_twenty_requests_are_too_few() -> None:
    log(of_last_minutes(19))
    assert read_all(NOON)["latency"] == Reading(source="redis", requests=19, too_few=True)


def test_the_share_that_failed_is_in_percent() -> None:
    log([*of_last_minutes(30), *(failure(NOON - SECOND / 2) for _ in range(10))])
    assert read_all(NOON)["error_rate"].value == 25


def test_a_batch_may_take_as_long_as_it_likes() -> None:
    slow = Cost(latency=60_000, cpu=50_000, inference=40_000, memory_delta=63.5)
    log([*of_last_minutes(20), batch(NOON - SECOND / 2, [0.1] * 30, cost=slow)])
    found = read_all(NOON)
    assert [found[name].value for name in ("latency", "cpu", "inference")] == [10, 5, 2]
    assert found["memory_delta"] == Reading(value=3.5, source="redis", requests=21)


@pytest.mark.parametrize(("slow", "expected"), [("single", ["latency"]), ("batch", [])])
def test_slow_requests_fire_and_slow_batches_do_not(slow: str, expected: list[str]) -> None:
    """With all that is between an entry in Redis and an alert in the database."""
    cost, fired = Cost(latency=900), []
    for number in range(7):
        now = minute(number)
        made: Iterable[Entries] = (
            prediction(now - 2 * each * SECOND, cost=cost)
            if slow == "single"
            else batch(now - 2 * each * SECOND, [0.1], cost=cost)
            for each in range(25, 0, -1)
        )
        log(made)
        fired += evaluate(now, read_all(now), MINUTE)
    assert [event.alert.name for event in fired] == expected


@pytest.mark.usefixtures("no_redis", "no_elasticsearch")
def test_a_source_that_is_away_costs_only_its_own_values() -> None:
    found = read_all(NOON)
    unknown = [name for name, reading in found.items() if reading.why]
    assert unknown == [
        *("latency", "cpu", "memory_delta", "inference", "error_rate"),
        "pipeline_lag",
    ]
    assert (found["dead_letters"].value, found["lost"].value) == (0, 0)


def test_where_no_pipeline_is_expected_there_is_no_lag_and_no_complaint(settings: Settings) -> None:
    settings.ES_URL = ""
    log(of_last_minutes(1))
    assert read_all(NOON)["pipeline_lag"] == Reading(source="redis")


@pytest.mark.usefixtures("no_elasticsearch")
def test_what_waits_for_a_pipeline_lags() -> None:
    log(of_last_minutes(90))
    # Against Redis' own clock, which gave the entries their ids just now.
    lag = read_all(datetime.now(UTC) + MINUTE)["pipeline_lag"].value
    assert lag is not None
    assert 60 <= lag < 90


def test_dead_letters_are_counted() -> None:
    DeadLetter.objects.create(key="1", original=b"{}")
    assert read_all(NOON)["dead_letters"] == Reading(value=1, source="database")


@pytest.mark.parametrize(("age", "lost"), [(MINUTE, 12), (timedelta(days=1), 0)])
def test_a_loss_is_news_for_a_day(age: timedelta, lost: float) -> None:
    LogLoss.objects.create(at_least=12, reason=LogLoss.Reason.FLUSH, noticed_at=NOON - age)
    assert read_all(NOON)["lost"].value == lost


def test_what_a_full_spool_dropped_is_lost_until_its_record_is_moved_away(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.SPOOL_DIR = tmp_path_factory.mktemp("spool")
    get_log_process().spool.drop([prediction(NOON).summary] * 3)
    assert read_all(NOON)["lost"] == Reading(value=3, source="spool")
    (settings.SPOOL_DIR / "dropped").unlink()
    assert read_all(NOON)["lost"].value == 0


def test_a_spool_that_cannot_be_read_leaves_what_redis_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("monitoring.sources.parts.spool.get_log_process", raising(OSError))
    found = read_all(NOON)
    assert (found["spool"].value, found["lost"].value) == (None, None)
    LogLoss.objects.create(at_least=12, reason=LogLoss.Reason.FLUSH, noticed_at=NOON - MINUTE)
    assert read_all(NOON)["lost"] == Reading(value=12, source="database")


def test_what_waits_in_the_spool_is_counted(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.SPOOL_DIR = tmp_path_factory.mktemp("spool")
    get_log_process().spool.append([prediction(NOON).summary] * 2)
    assert read_all(NOON)["spool"] == Reading(value=2, source="spool")


def test_drift_is_that_of_the_latest_report() -> None:
    a_report(4, Verdict.DRIFT, timedelta(hours=2))
    a_report(2, Verdict.DRIFT, timedelta(hours=1))
    assert read_all(NOON)["drift"] == Reading(value=2, source="redis")


def test_a_report_that_had_not_enough_data_says_nothing() -> None:
    a_report(4, Verdict.DRIFT, timedelta(hours=2))
    a_report(0, Verdict.NOT_ENOUGH_DATA, timedelta(hours=1))
    assert read_all(NOON)["drift"].value == 4


def test_where_no_report_of_late_had_enough_data_there_is_no_drift_to_judge() -> None:
    a_report(4, Verdict.DRIFT, timedelta(hours=48))
    a_report(0, Verdict.NOT_ENOUGH_DATA, timedelta(hours=1))
    assert read_all(NOON)["drift"] == Reading(source="database", too_few=True)


def test_without_a_report_of_late_drift_is_unknown() -> None:
    a_report(4, Verdict.DRIFT, timedelta(hours=48))
    assert read_all(NOON)["drift"] == Reading(source="database")
