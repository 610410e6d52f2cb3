"""Pipelines in the test's own process, stepped by hand: nothing happens between two steps."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

import redis
from django.conf import settings
from elasticsearch import Elasticsearch

from logpipeline.delivery.daemon_executor import DaemonExecutor
from logpipeline.delivery.destination import Destination
from logpipeline.delivery.options import Options
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.elastic import TIMEOUT_SECONDS, get_client
from logpipeline.models import DeadLetter, LogLoss
from logpipeline.process.runs import consumer_name
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.dead_letter_source import DeadLetterSource
from logpipeline.sources.losses import Losses
from logpipeline.sources.redis_source import RedisSource
from logpipeline.sources.takeover import ALIVE_KEY
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.faults.http_proxy import Answer, HttpProxy, Request
from tests.faults.pipeline import Ends
from tests.predictions.logs import Clock

RETENTION_DAYS: Final = 90
STEPS_WITHIN_S: Final = 30
T = TypeVar("T")


class Bench(Ends):
    """Makes pipelines between its ends. The Django settings name the Elasticsearch."""

    @contextmanager
    def pipeline(
        self,
        *,
        options: Options | None = None,
        batch_size: int = 1000,
        claim_after: float = 60,
        redis_url: str = "",
        redis_timeout: float = 10,
        es_timeout: float = TIMEOUT_SECONDS,
        rules: Sequence[Mapping[str, Any]] = (),
        clock: Callable[[], float] = time.monotonic,
        on_housekeeping: Callable[[Pipeline], None] = lambda _: None,
    ) -> Iterator[Pipeline]:
        """As ``process.assembly`` does it. At the end of the block its process would die."""
        client = redis.Redis.from_url(
            redis_url or self.valkey.url,
            socket_timeout=redis_timeout,
            socket_connect_timeout=redis_timeout,
            retry=None,
            protocol=2,
        )
        source = RedisSource(
            client,
            consumer_name(),
            Losses(),
            batch_size=batch_size,
            claim_after=claim_after,
            clock=clock,
        )
        with get_client(es_timeout) as elastic, client:
            yield Pipeline(
                source,
                Destination(elastic, DaemonExecutor(), self.prefix, RETENTION_DAYS, clock),
                compile_rules(rules or settings.LOG_PIPELINE_RULES),
                options or Options(interval=0.1, housekeeping=min(1.0, claim_after / 4)),
                letters=DeadLetterSource(batch_size),
                on_housekeeping=on_housekeeping,
                clock=clock,
            )

    def drain(self, **how: Any) -> Pipeline:
        """``--once`` to its end; the pipeline with its counts."""
        with self.pipeline(options=Options(once=True, give_up_after=30), **how) as pipeline:
            pipeline.run()
            return pipeline

    def age_pending(self, by: timedelta) -> None:
        """As if they had been given out so long ago."""
        client = self.valkey.client()
        idle = int(by.total_seconds() * 1000)
        found: Any = client.xpending_range(STREAM_KEY, GROUP, "-", "+", 10_000)
        for each in found:
            client.xclaim(
                STREAM_KEY, GROUP, each["consumer"], 0, [each["message_id"]], idle=idle, justid=True
            )

    @contextmanager
    def blocked(self) -> Iterator[HttpProxy]:
        """Elasticsearch takes no documents from those made inside, until ``let_through``."""
        with HttpProxy(self.es_url, _refuse_bulks) as proxy:
            settings.ES_URL = proxy.url
            yield proxy
        settings.ES_URL = self.es_url

    def forget_the_dead(self) -> None:
        """As if so much time had passed that those that no longer step count as dead."""
        client = self.valkey.client()
        for key in client.scan_iter(f"{ALIVE_KEY}*"):
            client.delete(key)

    def at_rest(self) -> bool:
        """Not where the group is yet to be made."""
        try:
            return super().at_rest()
        except redis.ResponseError:
            return False

    def remove(self) -> None:
        """Its indices and templates: a node holds a thousand indices at most."""
        everything: Any = {"expand_wildcards": "all", "filter_path": "*.settings.index.uuid"}
        with Elasticsearch(self.es_url) as client:
            for name in client.indices.get(index=f"{self.prefix}*", **everything):
                client.indices.delete(index=name)
            templates = f"{self.prefix}*"
            client.options(ignore_status=404).indices.delete_index_template(name=templates)


class RunningClock(Clock):
    """Every look at it takes a while, so that minutes pass in a moment."""

    def __init__(self, step: float = 0.5) -> None:
        """``step``: small where the real Elasticsearch must be quick enough for it."""
        super().__init__()
        self._step = step

    def __call__(self) -> float:
        self.now += self._step
        return self.now


def steps(pipeline: Pipeline, clock: Clock, seconds: float) -> None:
    """So long, by that clock."""
    ends = clock.now + seconds
    while clock.now < ends:
        pipeline.step()


def run_during(pipeline: Pipeline, action: Callable[[], T]) -> T:
    """Runs it here until ``action``, in a thread, has returned or failed; what that returned."""

    def act() -> T:
        try:
            return action()
        finally:
            pipeline.stop()

    with ThreadPoolExecutor(1) as executor:
        done = executor.submit(act)
        pipeline.run()
        return done.result()


def step_until(
    condition: Callable[[], bool], *pipelines: Pipeline, seconds: float = STEPS_WITHIN_S
) -> None:
    """Steps them in turn, at least once; fails when it does not hold within ``seconds``."""
    ends = time.monotonic() + seconds
    while True:
        for pipeline in pipelines:
            pipeline.step()
        if condition():
            return
        assert time.monotonic() < ends, f"it did not happen within {seconds} s"


def let_through(_: Request) -> Answer | None:
    """For ``HttpProxy.inject``: the server shall answer."""
    return None


def _refuse_bulks(request: Request) -> Answer | None:
    return Answer(503, b"{}") if request.is_bulk else None


def dead() -> list[tuple[str, str]]:
    """Reason and transaction id (blank for a whole entry) of the dead letters, sorted."""
    return sorted(DeadLetter.objects.values_list("reason", "transaction_id"))


def lost() -> dict[str, int]:
    """Reason -> how many, as the auditor is told."""
    told: Counter[str] = Counter()
    for reason, at_least in LogLoss.objects.values_list("reason", "at_least"):
        told[reason] += at_least
    return dict(told)
