"""Redis, and where the pipeline stands in its stream."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from monitoring.sources.state import SystemState, system_state
from predictions.log.reader import HTTP_READER_KEY
from predictions.log.transaction_log import GROUP, STREAM_FIELD, STREAM_KEY
from tests.conftest import Valkey
from tests.logpipeline.pipelines import Bench
from tests.logpipeline.sources.streams import Stream
from tests.monitoring.traffic import NOON, log, prediction

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream(valkey: Valkey) -> Stream:
    return Stream(valkey)


def now() -> datetime:
    return datetime.now(UTC)


def state() -> SystemState:
    return system_state(now())


def add_at(stream: Stream, *seconds: int) -> list[str]:
    """Entries that came so many seconds after noon; their ids."""
    ids = [f"{int(NOON.timestamp() + each) * 1000}-0" for each in seconds]
    for identity in ids:
        stream.client.xadd(STREAM_KEY, {STREAM_FIELD: b"x"}, id=identity)
    return ids


def lag() -> float | None:
    """A minute after noon."""
    return system_state(NOON + timedelta(minutes=1)).lag_seconds


def test_it_counts_what_is_in_the_window_and_in_the_stream(stream: Stream) -> None:
    log([prediction(NOON), prediction(NOON)])
    found = state()
    assert (found.window_length, found.stream_length, found.unread, found.pending) == (2, 2, 2, 0)
    assert found.redis.ok
    assert found.redis.sentence == "Redis answers: 2 entries in the window, 2 in the stream."


def test_nothing_lags_where_there_is_no_stream(stream: Stream) -> None:
    found = state()
    assert (found.stream_length, found.pending, found.lag_seconds) == (0, 0, 0.0)


def test_entries_that_nobody_is_to_read_do_not_lag(stream: Stream) -> None:
    add_at(stream, 10)
    assert lag() is None


def test_without_a_group_the_oldest_entry_lags(stream: Stream, no_elasticsearch: None) -> None:
    add_at(stream, 10, 20)
    assert lag() == 50.0


def test_for_a_reader_over_http_the_oldest_entry_lags(stream: Stream) -> None:
    add_at(stream, 10, 20)
    stream.client.set(HTTP_READER_KEY, "0-0")
    assert lag() == 50.0


def test_the_first_unread_entry_lags(stream: Stream) -> None:
    stream.client.xgroup_create(STREAM_KEY, GROUP, "0", mkstream=True)
    first, *_ = add_at(stream, 10, 20, 30)
    stream.client.xreadgroup(GROUP, "a", {STREAM_KEY: ">"}, count=1)
    stream.client.xack(STREAM_KEY, GROUP, first)
    assert lag() == 40.0


def test_the_oldest_pending_entry_lags(stream: Stream) -> None:
    stream.client.xgroup_create(STREAM_KEY, GROUP, "0", mkstream=True)
    add_at(stream, 10, 20, 30)
    stream.client.xreadgroup(GROUP, "a", {STREAM_KEY: ">"}, count=2)
    found = system_state(NOON + timedelta(minutes=1))
    assert (found.lag_seconds, found.pending, found.unread) == (50.0, 2, 1)


def test_nothing_lags_where_all_is_acknowledged(stream: Stream) -> None:
    stream.client.xgroup_create(STREAM_KEY, GROUP, "0", mkstream=True)
    ids = add_at(stream, 10, 20)
    stream.client.xreadgroup(GROUP, "a", {STREAM_KEY: ">"})
    stream.client.xack(STREAM_KEY, GROUP, *ids)
    assert lag() == 0.0


def test_a_clock_behind_redis_makes_no_negative_lag(stream: Stream, no_elasticsearch: None) -> None:
    add_at(stream, 100)
    assert lag() == 0.0


def test_a_real_pipeline_leaves_nothing_that_lags(bench: Bench) -> None:
    log([prediction(NOON), prediction(NOON)])
    lagging = system_state(now() + timedelta(minutes=1)).lag_seconds
    assert lagging is not None
    assert lagging >= 60
    bench.drain()
    found = state()
    assert (found.lag_seconds, found.pending, found.unread, found.stream_length) == (0.0, 0, 0, 0)


@pytest.mark.usefixtures("no_redis")
def test_what_redis_would_know_is_unknown_where_it_is_away() -> None:
    found = state()
    assert found.redis.ok is False
    assert found.redis.sentence.startswith("Redis does not answer (ConnectionError).")
    assert (found.stream_length, found.pending, found.lag_seconds) == (None, None, None)


def test_it_says_since_when_it_has_noticed_that(
    valkey: Valkey, settings: Settings, closed_port: int
) -> None:
    works = settings.REDIS_URL
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port}/0"
    system_state(NOON)
    later = system_state(NOON + timedelta(minutes=5)).redis.sentence
    settings.REDIS_URL = works
    assert later.endswith("Noticed at 12:00 UTC.")
    assert system_state(NOON).redis.ok


def test_it_says_that_redis_refuses_the_credentials(valkey: Valkey, settings: Settings) -> None:
    settings.REDIS_URL = valkey.url.replace("unix://", "unix://somebody:wrong@")
    found = state().redis
    assert found.ok is False
    assert found.sentence.startswith("Redis refuses the credentials of REDIS_URL.")


def test_it_says_that_nothing_is_logged(settings: Settings) -> None:
    settings.LOG_TO_REDIS = False
    found = state().redis
    assert (found.ok, found.sentence) == (
        None,
        "Transactions are not logged here (LOG_TO_REDIS is off).",
    )
