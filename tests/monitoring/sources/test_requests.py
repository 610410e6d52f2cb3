"""What the alerts measure, in the window and in Elasticsearch."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from monitoring.alerts.definitions import ALERTS, Kind
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from monitoring.sources.requests import request_figures
from predictions.log.entry import Entries
from tests.monitoring.traffic import (
    NOON,
    Cost,
    batch,
    failure,
    indices_with,
    log,
    prediction,
    refusal,
)

MINUTE = timedelta(minutes=1)
LAST_FIVE = Period(NOON - 5 * MINUTE, NOON)
BEFORE = prediction(NOON - 6 * MINUTE, cost=Cost(latency=9000))
TRAFFIC = [
    prediction(NOON - 4 * MINUTE, cost=Cost(latency=100, cpu=50, inference=10, memory_delta=3)),
    refusal(NOON - 3 * MINUTE, cost=Cost(latency=20, cpu=10, inference=None, memory_delta=1)),
    failure(NOON - 3 * MINUTE, cost=Cost(latency=30, cpu=30, inference=20, memory_delta=2)),
    prediction(NOON - 2 * MINUTE, cost=None),
    batch(
        NOON - MINUTE, [0.1, 0.2], cost=Cost(latency=800, cpu=900, inference=700, memory_delta=10)
    ),
]
# Of the latency, CPU and inference without the batch.
EXPECTED = {
    "latency": (3, 50.0),
    "cpu": (3, 30.0),
    "memory_delta": (4, 4.0),
    "inference": (2, 15.0),
    "error_rate": (5, 20.0),
}


@pytest.fixture(scope="module")
def prefix(elasticsearch_url: str) -> Iterator[str]:
    with indices_with(elasticsearch_url, [BEFORE, *TRAFFIC]) as found:
        yield found


@pytest.fixture
def stored(prefix: str, elasticsearch_url: str, settings: Settings) -> None:
    settings.ES_URL, settings.ES_INDEX_PREFIX = elasticsearch_url, prefix


def logged(*traffic: Entries) -> None:
    log(traffic)


pytestmark = pytest.mark.usefixtures("valkey")


def test_it_has_every_alert_that_is_measured_of_requests() -> None:
    names = {alert.name for alert in ALERTS if alert.kind is not Kind.NUMBER}
    assert request_figures(LAST_FIVE, NOON).values.keys() == names == EXPECTED.keys()


@pytest.mark.usefixtures("no_elasticsearch")
def test_a_window_that_covers_the_period_is_measured() -> None:
    logged(BEFORE, *TRAFFIC)
    found = request_figures(LAST_FIVE, NOON)
    assert (found.source, found.start, found.end) == ("redis", NOON - 5 * MINUTE, NOON)
    assert (found.requests, found.values) == (5, EXPECTED)


@pytest.mark.usefixtures("stored")
def test_elasticsearch_is_measured_where_the_window_does_not_reach_so_far_back() -> None:
    logged(*TRAFFIC[1:])
    found = request_figures(LAST_FIVE, NOON)
    assert (found.source, found.start, found.requests) == ("elasticsearch", LAST_FIVE.start, 5)
    assert found.values == EXPECTED


@pytest.mark.usefixtures("stored")
def test_the_window_is_measured_where_elasticsearch_lags_behind_it() -> None:
    logged(*TRAFFIC, prediction(NOON - MINUTE))
    found = request_figures(LAST_FIVE, NOON)
    assert (found.source, found.requests) == ("redis", 6)


@pytest.mark.usefixtures("no_elasticsearch")
def test_what_the_window_holds_is_measured_where_elasticsearch_is_away() -> None:
    logged(*TRAFFIC[1:])
    found = request_figures(LAST_FIVE, NOON)
    assert (found.source, found.start, found.requests) == ("redis", NOON - 3 * MINUTE, 4)


@pytest.mark.usefixtures("stored", "no_redis")
def test_elasticsearch_is_measured_where_redis_is_away() -> None:
    assert request_figures(LAST_FIVE, NOON).values == EXPECTED


@pytest.mark.usefixtures("no_elasticsearch", "no_redis")
def test_it_says_that_both_are_away() -> None:
    with pytest.raises(SourceAwayError, match=r"^Redis does not answer\. Elasticsearch at .*"):
        request_figures(LAST_FIVE, NOON)


@pytest.mark.usefixtures("elastic")
def test_nothing_was_measured_where_there_are_no_requests() -> None:
    found = request_figures(LAST_FIVE, NOON)
    assert set(found.values.values()) == {(0, 0.0)}
    assert (found.requests, found.source) == (0, "redis")


def test_elasticsearch_measures_nothing_where_there_is_no_index(elastic: Elasticsearch) -> None:
    from monitoring.sources.indexed.requests import figures_of_indices

    nothing = dict.fromkeys(EXPECTED, (0, 0.0))
    alerts = [alert for alert in ALERTS if alert.name in EXPECTED]
    assert figures_of_indices(LAST_FIVE, alerts) == (0, nothing)


def test_what_is_later_than_now_is_not_measured() -> None:
    logged(BEFORE, *TRAFFIC)
    found = request_figures(LAST_FIVE, NOON - 3 * MINUTE)
    assert (found.end, found.requests) == (NOON - 3 * MINUTE, 1)
