"""What hinders a running pipeline: said once, tried again, given up only where it should be."""

import logging
from functools import partial

import orjson
import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from logpipeline.delivery.options import GaveUpError, Options
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.models import DeadLetter
from predictions.log.transaction_log import STREAM_KEY
from tests.conftest import Valkey
from tests.faults.http_proxy import Answer, HttpProxy, Request
from tests.faults.pipeline import check_stored, ids, predictions, refused
from tests.logpipeline.canned import NO_CREDENTIALS, CannedServer
from tests.logpipeline.pipelines import Bench, RunningClock, step_until, steps
from tests.logpipeline.sources.streams import database_away
from tests.predictions.logs import Clock
from tools.run.address import free_port

PATIENCE = 30.0
ONCE = Options(once=True, give_up_after=PATIENCE)
CONTINUOUS = Options(interval=5, give_up_after=PATIENCE)
REFUSED = Answer(401, orjson.dumps(NO_CREDENTIALS))


@pytest.fixture
def nowhere(bench: Bench, settings: Settings) -> str:
    """Where no Elasticsearch is; new pipelines look for it there."""
    settings.ES_URL = f"http://127.0.0.1:{free_port()}"
    return str(settings.ES_URL)


def unread(bench: Bench) -> int:
    return int(bench.valkey.client().xlen(STREAM_KEY))


# --- Giving up ------------------------------------------------------------------------


def test_once_gives_up_on_an_elasticsearch_that_is_away(bench: Bench, nowhere: str) -> None:
    bench.add(predictions(2))
    with (
        bench.pipeline(options=ONCE, clock=RunningClock()) as pipeline,
        pytest.raises(GaveUpError, match=rf"Elasticsearch at {nowhere} cannot be reached"),
    ):
        pipeline.run()
    assert unread(bench) == 2


def test_continuous_waits_for_one_that_is_away(bench: Bench, nowhere: str) -> None:
    clock = RunningClock()
    with bench.pipeline(options=CONTINUOUS, clock=clock) as pipeline:
        steps(pipeline, clock, 3 * PATIENCE)
        assert nowhere in str(pipeline.troubles)


def test_continuous_gives_up_on_credentials_that_are_refused(
    bench: Bench, settings: Settings
) -> None:
    bench.add(predictions(2))
    with CannedServer(401, NO_CREDENTIALS).running() as url:
        settings.ES_URL = url
        with (
            bench.pipeline(options=CONTINUOUS, clock=RunningClock()) as pipeline,
            pytest.raises(GaveUpError, match=r"refuses the credentials \(status 401\)"),
        ):
            pipeline.run()
    assert unread(bench) == 2


def test_credentials_that_end_while_it_runs_lose_nothing(bench: Bench, settings: Settings) -> None:
    given = predictions(2)
    bench.add(given)

    def refuse(request: Request) -> Answer | None:
        return REFUSED if request.is_bulk else None

    with HttpProxy(bench.es_url, refuse) as proxy:
        settings.ES_URL = proxy.url
        with (
            bench.pipeline(options=CONTINUOUS, clock=RunningClock()) as pipeline,
            pytest.raises(GaveUpError, match="refuses the credentials"),
        ):
            pipeline.run()
    settings.ES_URL = bench.es_url
    bench.drain()
    assert bench.ids_in("ml-api-logs") == ids(given)
    assert not DeadLetter.objects.exists()


def test_continuous_gives_up_on_a_redis_that_refuses_it(bench: Bench, own_valkey: Valkey) -> None:
    own_valkey.client().config_set("requirepass", "p")
    with (
        bench.pipeline(
            options=CONTINUOUS, clock=RunningClock(), redis_url=own_valkey.url
        ) as pipeline,
        pytest.raises(GaveUpError, match="credentials of REDIS_URL"),
    ):
        pipeline.run()


def test_once_gives_up_on_a_redis_that_goes_away_while_it_runs(
    bench: Bench, own_valkey: Valkey
) -> None:
    """The dead letters, in the database, are looked for all the same."""
    clock = RunningClock()
    with bench.pipeline(options=ONCE, clock=clock, redis_url=own_valkey.url) as pipeline:
        pipeline.step()
        own_valkey.kill()
        with pytest.raises(GaveUpError, match="Redis"):
            steps(pipeline, clock, 5 * PATIENCE)


def test_an_elasticsearch_that_takes_the_others_is_no_reason_to_give_up(
    bench: Bench, settings: Settings
) -> None:
    """One document is too much for it, for longer than the patience, while others go through."""
    given = predictions(20)
    bench.add(given)
    stuck = orjson.loads(given[0])["data"]["transaction_id"].encode()
    clock = RunningClock(step=0.01)
    began = clock.now

    def refuse_one(request: Request) -> Answer | None:
        if request.is_bulk and stuck not in request.body:
            # Slow, yet well within the patience.
            clock.now += PATIENCE / 6
        too_much = stuck in request.body and clock.now < began + 2 * PATIENCE
        return Answer(429, b"{}") if request.is_bulk and too_much else None

    with HttpProxy(bench.es_url, refuse_one) as proxy:
        settings.ES_URL = proxy.url
        with bench.pipeline(options=ONCE, clock=clock, batch_size=1) as pipeline:
            pipeline.run()
    check_stored(bench, given)
    assert clock.now > began + 2 * PATIENCE


def test_a_redis_that_failed_is_left_alone_for_a_moment(bench: Bench, own_valkey: Valkey) -> None:
    clock = Clock()
    ends = Bench(own_valkey, bench.es_url, bench.prefix)
    with ends.pipeline(options=CONTINUOUS, clock=clock) as pipeline:
        pipeline.step()
        own_valkey.kill()
        step_until(lambda: pipeline.troubles.has("redis"), pipeline)
        own_valkey.start()
        ends.add(predictions(1))
        for _ in range(5):
            pipeline.step()
        assert ends.pending() == {}
        clock.now += 5
        step_until(ends.at_rest, pipeline)


# --- Said once ------------------------------------------------------------------------


def test_a_trouble_is_said_once_and_its_end(
    bench: Bench, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    bench.add(predictions(2))
    full = Answer(503, b"{}")
    with HttpProxy(bench.es_url, lambda request: full) as proxy:
        settings.ES_URL = proxy.url
        clock = RunningClock()
        with bench.pipeline(options=CONTINUOUS, clock=clock) as pipeline:
            steps(pipeline, clock, 20)
            proxy.inject = lambda _: None
            step_until(bench.at_rest, pipeline)
    begins, ends = said(caplog)
    assert begins == f"Elasticsearch at {proxy.url} answers 503 (ApiError). Trying again; " + (
        "nothing is lost."
    )
    assert ends.startswith("elasticsearch: well again after")


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings, without how long it took."""
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


def test_a_closed_index_is_said_once_while_others_go_on(
    bench: Bench, elastic: Elasticsearch, caplog: pytest.LogCaptureFixture
) -> None:
    """Of the days on which transactions come, one is closed."""
    old, new = predictions(1), [of_another_day(line) for line in predictions(3)]
    bench.add(old)
    bench.drain()
    closed = f"{bench.prefix}ml-api-logs-2026.11.23"
    elastic.indices.close(index=closed)
    waiting = predictions(1)
    with bench.pipeline(batch_size=1) as pipeline:
        bench.add(waiting)
        step_until(lambda: pipeline.troubles.has("elasticsearch"), pipeline)
        for line in new:
            bench.add([line])
            read = pipeline.counts["read"]
            step_until(partial(has_read_more, pipeline, read), pipeline)
        assert said(caplog) == [
            f"{closed}: 400 (index_closed_exception). Trying again; nothing is lost."
        ]
        elastic.indices.open(index=closed)
        step_until(bench.at_rest, pipeline)
    assert bench.ids_in("ml-api-logs") == sorted(ids(old) + ids(waiting) + ids(new))


def has_read_more(pipeline: Pipeline, than: int) -> bool:
    return pipeline.counts["read"] > than


def of_another_day(line: bytes) -> bytes:
    return line.replace(b"2026-11-23T", b"2026-11-24T")


# --- The database away ----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_without_the_dead_letters_store_an_entry_stays_pending(bench: Bench) -> None:
    bad = refused(predictions(1)[0])
    clock = RunningClock()
    with bench.pipeline(options=CONTINUOUS, clock=clock) as pipeline:
        pipeline.step()
        bench.add([bad])
        with database_away():
            steps(pipeline, clock, 60)
            assert len(bench.pending()) == 1
        step_until(bench.at_rest, pipeline)
    assert DeadLetter.objects.get().tries == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_database_good_entries_go_on(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    given = predictions(3)
    clock = RunningClock()
    with bench.pipeline(options=CONTINUOUS, clock=clock) as pipeline:
        pipeline.step()
        with database_away():
            steps(pipeline, clock, 30)
            bench.add(given)
            step_until(bench.at_rest, pipeline)
    assert bench.ids_in("ml-api-logs") == ids(given)
    assert len({message for message in said(caplog) if "For" not in message}) == 1


@pytest.mark.django_db(transaction=True)
def test_a_dead_letter_is_counted_once_though_redis_does_not_hear_of_it(
    bench: Bench, own_valkey: Valkey
) -> None:
    """The letter is stored, the acknowledgement fails for a while."""
    clock = RunningClock()
    ends = Bench(own_valkey, bench.es_url, bench.prefix)
    with ends.pipeline(options=CONTINUOUS, clock=clock) as pipeline:
        pipeline.step()
        ends.add([b"not JSON"])
        admin = own_valkey.client()
        admin.acl_setuser("default", enabled=True, commands=["-xack"])
        steps(pipeline, clock, 20)
        assert "credentials" in str(pipeline.troubles)
        admin.acl_setuser("default", enabled=True, commands=["+xack"])
        step_until(ends.at_rest, pipeline)
    assert DeadLetter.objects.get().tries == 1
