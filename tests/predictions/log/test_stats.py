from datetime import timedelta
from typing import Any

import pytest

from predictions.log.stats import (
    is_entry,
    percentiles,
    requests_per_minute,
    statistics_of,
)
from tests.predictions.logs import NOON, entry


def seconds_ago(*seconds: float) -> list[Any]:
    return [NOON - timedelta(seconds=each) for each in seconds]


def test_it_counts_results_of_single_requests_and_of_batches() -> None:
    entries = [
        entry(result={"result": "YES"}),
        entry(result={"result": "NO"}),
        entry(result={"rows": 5, "results": {"YES": 1, "NO": 3}}),
        entry(result=None),
        entry(),
    ]
    statistics = statistics_of(entries, NOON)
    assert statistics["count"] == 5
    assert statistics["results"] == {"YES": 2, "NO": 4}


def test_it_tells_the_clients_errors_from_ours() -> None:
    statistics = statistics_of([entry(status=status) for status in (200, 302, 400, 404, 503)], NOON)
    counted = [statistics[name] for name in ("errors", "client_errors", "server_errors")]
    assert counted == [3, 2, 1]


def test_it_gives_percentiles_of_each_measure() -> None:
    entries = [entry(performance_metrics={"latency_ms": float(value)}) for value in range(101)]
    statistics = statistics_of(entries, NOON)
    assert statistics["latency_ms"] == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert statistics["inference_time_ms"] == {"p50": None, "p95": None, "p99": None}


def test_it_reads_the_entries_once() -> None:
    statistics = statistics_of(iter([entry(status=200), entry(status=503)]), NOON)
    assert (statistics["count"], statistics["errors"]) == (2, 1)


def test_an_empty_window_has_statistics_too() -> None:
    statistics = statistics_of([], NOON)
    assert statistics["count"] == 0
    assert statistics["requests_per_minute"] == 0


def test_one_value_is_every_percentile() -> None:
    assert percentiles([7.0]) == {"p50": 7.0, "p95": 7.0, "p99": 7.0}


def test_the_rate_counts_the_last_minute() -> None:
    assert requests_per_minute(seconds_ago(1, 30, 59, 61, 600), NOON) == 3


def test_a_window_filled_in_less_than_a_minute_gives_the_rate_of_its_span() -> None:
    assert requests_per_minute(seconds_ago(0, 5, 10), NOON) == pytest.approx(18)


def test_a_single_request_just_now_is_no_stampede() -> None:
    assert requests_per_minute(seconds_ago(0), NOON) == 60


def test_nothing_in_the_last_minute_is_a_rate_of_zero() -> None:
    assert requests_per_minute(seconds_ago(61), NOON) == 0


@pytest.mark.parametrize("other", [{}, {"data": 1}, {"data": {"status": 200}}, {"data": {}}])
def test_it_knows_what_is_no_entry(other: dict[str, Any]) -> None:
    assert is_entry(entry())
    assert not is_entry(other)
