"""One and the same traffic, counted in the window and by the real Elasticsearch."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from monitoring.overview import Slice
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from monitoring.sources.history import read_history
from monitoring.sources.window import overview_of_window
from tests.faults.http_proxy import Answer, HttpProxy
from tests.logpipeline.canned import HTML, NO_CREDENTIALS, answering
from tests.monitoring.traffic import (
    NOON,
    Cost,
    batch,
    days_of_traffic,
    indices_with,
    prediction,
    summaries,
)

# Of every kind, on both sides of a midnight.
TRAFFIC = [
    *days_of_traffic(NOON, timedelta(hours=30), 400),
    *(prediction(NOON, p) for p in (0.0, 0.05, 0.15, 1.0)),
    # No row of it was answered.
    batch(NOON, [], refused=3),
]
CROOKED = Period(NOON - timedelta(hours=27, minutes=3, microseconds=7), NOON + timedelta(seconds=1))


@pytest.fixture(scope="module")
def prefix(elasticsearch_url: str) -> Iterator[str]:
    with indices_with(elasticsearch_url, TRAFFIC) as found:
        yield found


@pytest.fixture
def stored(prefix: str, elasticsearch_url: str, settings: Settings) -> None:
    settings.ES_URL, settings.ES_INDEX_PREFIX = elasticsearch_url, prefix


def differences(found: Any, expected: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Path -> both numbers, where they differ by more than single precision explains."""
    if isinstance(expected, dict):
        pairs = [(name, found[name], expected[name]) for name in expected]
    elif isinstance(expected, list):
        assert len(found) == len(expected), path
        pairs = [(n, *both) for n, both in enumerate(zip(found, expected, strict=True))]
    elif isinstance(expected, float) and isinstance(found, float):
        return {} if math.isclose(found, expected, rel_tol=1e-5) else {path: (found, expected)}
    else:
        return {} if found == expected else {path: (found, expected)}
    different: dict[str, tuple[Any, Any]] = {}
    for name, one, other in pairs:
        different |= differences(one, other, f"{path}/{name}")
    return different


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "period",
    [
        CROOKED,
        Period(NOON - timedelta(hours=1), NOON),
        Period(NOON - timedelta(days=91), NOON + timedelta(milliseconds=1)),
        Period(NOON + timedelta(days=1), NOON + timedelta(days=2)),
    ],
    ids=["a day and some", "an hour", "a quarter", "nothing"],
)
def test_both_sources_make_the_same_overview(period: Period) -> None:
    history, window = read_history(period), overview_of_window(summaries(TRAFFIC), period)
    different = differences(asdict(history), asdict(window))
    # Of the window, how far it reaches back.
    different.pop("/reaches_back_to", None)
    assert different == {"/source": ("elasticsearch", "redis")}


def test_the_traffic_has_all_that_could_be_counted_differently() -> None:
    window = overview_of_window(summaries(TRAFFIC), CROOKED)
    assert min(window.yes, window.no, window.client_errors, window.server_errors) > 10
    assert len(window.functions) == 10
    assert sum(row != [0] * 24 for row in window.heat) == 2


def test_percentiles_of_many_requests_are_estimated_well(
    elastic: Elasticsearch, elasticsearch_url: str, settings: Settings
) -> None:
    traffic = [prediction(NOON, cost=Cost(latency=float(ms))) for ms in range(1, 1001)]
    with indices_with(elasticsearch_url, traffic) as settings.ES_INDEX_PREFIX:
        latency = read_history(Period(NOON, NOON + timedelta(minutes=1))).latency
    found = (latency.p50, latency.p95, latency.p99)
    assert found == pytest.approx((500.5, 950.05, 990.01), rel=0.005)


@pytest.mark.usefixtures("elastic")
def test_a_server_without_any_index_has_an_empty_overview() -> None:
    period = Period(NOON - timedelta(hours=1), NOON)
    found = read_history(period)
    assert (found.requests, found.functions, sum(found.probabilities)) == (0, [], 0)
    assert found.slices == [Slice(start=start) for start in period.bucket_starts]


@pytest.mark.usefixtures("stored")
def test_it_is_one_request(settings: Settings) -> None:
    with HttpProxy(settings.ES_URL) as proxy:
        settings.ES_URL = proxy.url
        read_history(CROOKED)
        assert [request.path.partition("?")[0] for request in proxy.requests] == ["/_msearch"]


def away() -> str:
    with pytest.raises(SourceAwayError) as raised:
        read_history(CROOKED)
    return raised.value.sentence


def test_it_says_that_none_is_configured() -> None:
    assert away().startswith("No Elasticsearch is configured")


def test_it_says_that_its_address_is_none(settings: Settings) -> None:
    settings.ES_URL = "https://"
    assert away().startswith("ES_URL is no address of an Elasticsearch")


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_says_that_it_cannot_be_reached() -> None:
    assert away().endswith("cannot be reached (ConnectionError).")


def test_it_says_that_it_refuses_the_credentials(settings: Settings) -> None:
    with answering(401, NO_CREDENTIALS) as settings.ES_URL:
        assert away().endswith("refuses the credentials (status 401).")


def test_it_says_that_something_else_answers(settings: Settings) -> None:
    with answering(200, b"<html>", HTML) as settings.ES_URL:
        assert away().endswith("something else answers there.")


@pytest.mark.parametrize("body", [{}, {"responses": []}, {"responses": [{}, {}, {}]}])
def test_it_says_that_the_answer_is_not_the_one_that_was_asked_for(
    settings: Settings, body: dict[str, Any]
) -> None:
    with answering(200, body) as settings.ES_URL:
        assert away() == "Elasticsearch answers something else than was asked."


def test_it_does_not_wait_for_one_that_hangs(
    settings: Settings, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.sources.indexed.asking.TIMEOUT_S", 0.1)
    settings.ES_URL = f"http://127.0.0.1:{silent_port}"
    assert away().endswith("did not answer in time.")


def test_it_says_that_an_index_has_another_mapping(
    elastic: Elasticsearch, index_prefix: str
) -> None:
    elastic.index(
        index=f"{index_prefix}ml-api-perfs", document={"@timestamp": NOON, "latency_ms": "long"}
    )
    elastic.indices.refresh(index=f"{index_prefix}ml-api-perfs")
    assert away() == (
        "Elasticsearch answers a search with status 400 (search_phase_execution_exception)."
    )


@pytest.mark.usefixtures("stored")
def test_it_says_that_a_request_fails(settings: Settings) -> None:
    refusal = Answer(503, b'{"error": {"type": "no_shard_available_action_exception"}}')
    with HttpProxy(settings.ES_URL, lambda _: refusal) as proxy:
        settings.ES_URL = proxy.url
        assert away().endswith("answers 503 (no_shard_available_action_exception).")
