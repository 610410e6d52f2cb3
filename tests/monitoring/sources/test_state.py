"""The state of the system as a whole: the database, the spool, and what hangs."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from logpipeline.models import DeadLetter, LogLoss, PipelineRun
from monitoring.sources.state import SystemState, system_state
from predictions.log.process import get_log_process
from tests.conftest import Valkey
from tests.logpipeline.sources.streams import database_away
from tests.monitoring.traffic import NOON, prediction

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return datetime.now(UTC)


def state() -> SystemState:
    return system_state(now())


def run(**values: object) -> PipelineRun:
    return PipelineRun.objects.create(
        **{"consumer": "c", "source": "redis", "mode": "continuous", **values}
    )


def test_it_sums_what_the_pipelines_have_done() -> None:
    run(indexed=3, duplicates=1, filtered=2, retried=5)
    run(indexed=4)
    LogLoss.objects.create(at_least=7, reason="flush")
    LogLoss.objects.create(at_least=1, reason="flush", noticed_at=now() - timedelta(days=2))
    DeadLetter.objects.create(key="a", stream_id="0-1", reason="poison", original=b"")
    found = state()
    assert (found.indexed_total, found.duplicates_total, found.filtered_total) == (7, 1, 2)
    assert (found.retried_total, found.lost, found.dead_letters) == (5, 8, 1)
    assert found.lost_lately == 7


def test_an_empty_database_has_none_of_that() -> None:
    found = state()
    assert (found.indexed_total, found.lost, found.dead_letters) == (0, 0, 0)
    assert found.database.ok


@pytest.mark.usefixtures("no_elasticsearch", "valkey")
def test_what_the_database_would_know_is_unknown_where_it_is_away() -> None:
    with database_away():
        found = state()
    assert found.database.sentence.startswith("The database does not answer (OperationalError).")
    assert (found.pipeline.ok, found.dead_letters, found.redis.ok) == (None, None, True)


def test_it_counts_what_waits_in_the_spool(valkey: Valkey) -> None:
    spool = get_log_process().spool
    spool.append([prediction(NOON).summary])
    try:
        assert (state().spool_waiting, state().spool_dropped) == (1, 0)
    finally:
        get_log_process().drainer.deliver()


@pytest.mark.django_db(transaction=True)
def test_the_database_is_asked_beside_the_others() -> None:
    run(indexed=3)
    assert state().indexed_total == 3


def test_it_does_not_wait_long_for_what_hangs(
    settings: Settings, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{silent_port}/0"
    settings.ES_URL = f"http://127.0.0.1:{silent_port}"
    monkeypatch.setattr("monitoring.sources.state.ask_spool", lambda: time.sleep(4))
    began = time.monotonic()
    found = state()
    assert time.monotonic() - began < 2.5
    assert found.redis.sentence.startswith("Redis does not answer in time.")
    assert "did not answer in time." in found.elasticsearch.sentence
    assert found.spool_waiting is None


@pytest.mark.django_db(transaction=True)
def test_it_does_not_wait_long_for_a_database_that_hangs(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "monitoring.sources.state.ask_database_of_a_thread", lambda _now: time.sleep(4)
    )
    began = time.monotonic()
    found = state()
    assert time.monotonic() - began < 2.5
    assert found.database.sentence.startswith("The database does not answer")
    assert (found.redis.ok, found.dead_letters) == (True, None)
