"""The loop from the real site's /logs_api to the real Elasticsearch."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.conf import settings

from logpipeline.delivery.daemon_executor import DaemonExecutor
from logpipeline.delivery.destination import Destination
from logpipeline.delivery.options import GaveUpError, Options
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.elastic import get_client
from logpipeline.models import DeadLetter, HttpCursor
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.dead_letter_source import DeadLetterSource
from logpipeline.sources.http_source import HttpSource
from logpipeline.sources.source import ConflictError
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.faults.pipeline import ids as ids_of
from tests.faults.pipeline import predictions
from tests.logpipeline.pipelines import RETENTION_DAYS, Bench, RunningClock, steps
from tests.logpipeline.sources.site import URL, site, source_of, token_of
from tests.predictions.logs import Clock

ONCE = Options(once=True, give_up_after=30)


class Cable(httpx.BaseTransport):
    """To the site, until it is cut."""

    def __init__(self) -> None:
        self.is_cut = False
        self._site = httpx.WSGITransport(site)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("cut")
        return self._site.handle_request(request)


@pytest.fixture
def token(bench: Bench) -> str:
    """Of a staff user of the site."""
    return token_of()


@contextmanager
def pipeline_of(
    bench: Bench, source: HttpSource, options: Options = ONCE, clock: Clock | None = None
) -> Iterator[Pipeline]:
    how: dict[str, Any] = {} if clock is None else {"clock": clock}
    with get_client() as elastic:
        yield Pipeline(
            source,
            Destination(elastic, DaemonExecutor(), bench.prefix, RETENTION_DAYS, **how),
            compile_rules(settings.LOG_PIPELINE_RULES),
            options,
            letters=DeadLetterSource(10),
            **how,
        )


def drain(bench: Bench, source: HttpSource) -> Pipeline:
    with pipeline_of(bench, source) as pipeline:
        pipeline.run()
    return pipeline


def test_once_brings_what_the_site_has_and_returns(bench: Bench, token: str) -> None:
    given = predictions(25)
    bench.add(given)
    drain(bench, source_of(token, batch_size=10))
    assert bench.ids_in("ml-api-message") == ids_of(given)
    assert set(ids_of(given)) <= set(bench.ids_in("ml-api-logs"))


def test_the_next_run_goes_on_behind_it(bench: Bench, token: str) -> None:
    first, second = predictions(3), predictions(3)
    for given in (first, second):
        bench.add(given)
        pipeline = drain(bench, source_of(token))
    assert pipeline.counts["duplicates"] == 0
    assert bench.ids_in("ml-api-message") == sorted(ids_of(first) + ids_of(second))


class Dying(HttpSource):
    """Its process is killed before it has acknowledged."""

    def acknowledge(
        self, ids: Sequence[str], dead: Collection[str], counts: Mapping[str, int]
    ) -> None:
        raise KeyboardInterrupt


def test_what_is_read_again_is_stored_once(bench: Bench, token: str) -> None:
    given = predictions(3)
    bench.add(given)
    killed = Dying(URL, token, batch_size=10, interval=1, transport=httpx.WSGITransport(site))
    with pytest.raises(KeyboardInterrupt):
        drain(bench, killed)
    again = drain(bench, source_of(token))
    # Three each, and the request that opened the log, before the kill.
    assert again.counts.parts("duplicates")["ml-api-message"] == 3
    assert bench.ids_in("ml-api-message") == ids_of(given)


def test_what_the_site_cannot_decode_is_a_dead_letter(bench: Bench, token: str) -> None:
    bench.add([b"not JSON"])
    drain(bench, source_of(token))
    letter = DeadLetter.objects.get()
    assert (bytes(letter.original), letter.reason) == (b"not JSON", "not_json")


def test_once_gives_up_on_a_site_that_goes_away_while_it_runs(bench: Bench, token: str) -> None:
    """Keeping alive, of which the site hears nothing, says nothing of it."""
    cable, clock = Cable(), RunningClock()
    source = HttpSource(URL, token, batch_size=10, interval=1, transport=cable, clock=clock)
    bench.add(predictions(25))
    with pipeline_of(bench, source, ONCE, clock) as pipeline:
        pipeline.step()
        cable.is_cut = True
        with pytest.raises(GaveUpError, match=rf"{URL} cannot be reached"):
            steps(pipeline, clock, 100)


def test_continuous_gives_up_on_a_token_that_is_refused(bench: Bench, token: str) -> None:
    clock = RunningClock()
    with (
        pipeline_of(bench, source_of("wrong"), Options(give_up_after=30), clock) as pipeline,
        pytest.raises(GaveUpError, match="refuses LOGS_API_TOKEN"),
    ):
        steps(pipeline, clock, 100)


def test_where_another_one_begins_to_read_from_redis_it_ends_in_order(
    bench: Bench, token: str
) -> None:
    client = bench.valkey.client()
    bench.add(predictions(25))
    with pipeline_of(bench, source_of(token, batch_size=10)) as pipeline:
        pipeline.step()
        client.xgroup_create(STREAM_KEY, GROUP, "0")
        client.xreadgroup(GROUP, "another", {STREAM_KEY: ">"})
        with pytest.raises(ConflictError):
            pipeline.run()
    # The page is no suspect.
    assert HttpCursor.objects.get().attempts == 0
    assert client.xlen(STREAM_KEY) >= 25
