"""F26: clocks that are wrong, and midnight between two tries."""

import time
from datetime import timedelta

import httpx
import orjson
import pytest
from django.conf import settings
from django.utils import timezone

from predictions.log.transaction_log import STREAM_FIELD, STREAM_KEY
from tests.faults.http_proxy import Answer, HttpProxy, Inject, Request
from tests.faults.pipeline import INDICES, check_stored, predictions
from tests.logpipeline.pipelines import Bench, let_through, lost, step_until

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = ("2026.11.23", "2026.11.24")
BEFORE, AFTER = "2026-11-23T23:59:59.999999+00:00", "2026-11-24T00:00:00.000001+00:00"


def at(timestamp: str, count: int) -> list[bytes]:
    """Entries of one moment."""
    return [
        orjson.dumps(orjson.loads(line) | {"timestamp": timestamp}) for line in predictions(count)
    ]


def answer_is_lost(es_url: str) -> Inject:
    """The first bulk request is done, and its sender never hears of it."""
    headers = {"Content-Type": "application/x-ndjson"}
    first: list[Request] = []

    def inject(request: Request) -> Answer | None:
        if not request.is_bulk or first:
            return None
        first.append(request)
        done = httpx.post(f"{es_url}{request.path}", content=request.body, headers=headers)
        done.raise_for_status()
        return Answer(503, b"{}")

    return inject


def documents_of(bench: Bench, alias: str, day: str) -> int:
    """How many the index of a day holds."""
    url = f"{bench.es_url}/{bench.prefix}{alias}-{day}"
    httpx.post(f"{url}/_refresh").raise_for_status()
    count: int = httpx.get(f"{url}/_count").raise_for_status().json()["count"]
    return count


def turn_clocks(by: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process holds for the time of day."""
    now, seconds = timezone.now, time.time
    monkeypatch.setattr(timezone, "now", lambda: now() + by)
    monkeypatch.setattr(time, "time", lambda: seconds() + by.total_seconds())


@pytest.mark.parametrize(
    "by", [DAY, HOUR, -HOUR], ids=["midnight", "an hour ahead", "an hour back"]
)
def test_f26_an_entry_keeps_its_index_when_the_clock_moves_between_two_tries(
    bench: Bench, by: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = at(BEFORE, 20) + at(AFTER, 30)
    bench.add(given)
    with HttpProxy(bench.es_url, answer_is_lost(bench.es_url)) as proxy:
        settings.ES_URL = proxy.url
        with bench.pipeline() as pipeline:
            step_until(lambda: pipeline.troubles.has("elasticsearch"), pipeline)
            turn_clocks(by, monkeypatch)
            step_until(bench.at_rest, pipeline)
    assert pipeline.counts["duplicates"] == 150
    check_stored(bench, given)
    held = {(alias, day): documents_of(bench, alias, day) for alias in INDICES for day in DAYS}
    assert held == {
        (alias, day): n for alias in INDICES for day, n in zip(DAYS, (20, 30), strict=True)
    }


def test_f26_redis_clock_an_hour_ahead_and_then_back(bench: Bench) -> None:
    given = predictions(60)
    ahead = int((time.time() + HOUR.total_seconds()) * 1000)
    client = bench.valkey.client()
    with bench.pipeline(batch_size=10) as pipeline:
        bench.add(given[:20])
        step_until(bench.at_rest, pipeline)
        for line in given[20:40]:
            client.xadd(STREAM_KEY, {STREAM_FIELD: line}, id=f"{ahead}-*")
        step_until(bench.at_rest, pipeline)
        # Its clock is right again: Redis goes on with the same millisecond.
        bench.add(given[40:])
        step_until(bench.at_rest, pipeline)
    check_stored(bench, given)
    assert lost() == {}


def test_f26_a_redis_clock_that_jumps_makes_nobody_dead_who_lives(bench: Bench) -> None:
    given = predictions(20)
    bench.add(given)
    with bench.blocked() as proxy, bench.pipeline() as holder, bench.pipeline() as other:
        step_until(lambda: len(bench.pending()) == 20, holder)
        # As if they had been given out an hour ago.
        bench.age_pending(HOUR)
        step_until(lambda: bench.alive() == 2, other)
        for _ in range(3):
            other.step()
        assert set(bench.pending().values()) == {1}
        proxy.inject = let_through
        step_until(bench.at_rest, holder, other)
    check_stored(bench, given)
    assert other.counts["read"] == 0
