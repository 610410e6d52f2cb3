"""What the figures read of an entry, and what they pass over."""

from datetime import timedelta
from typing import Any

import pytest

from monitoring.period import Period
from monitoring.sources.entries import LoggedRequest, read_entry, requests_of
from tests.monitoring.traffic import NOON, Cost, batch, failure, prediction, refusal, summaries

HOUR = Period(NOON - timedelta(hours=1), NOON)


def only(entry: dict[str, Any]) -> LoggedRequest:
    request = read_entry(entry)
    assert request is not None
    return request


def test_it_reads_what_a_prediction_was_and_cost() -> None:
    cost = Cost(latency=5, cpu=4, inference=3, memory=200, memory_delta=1, functions={"f": (2, 1)})
    (entry,) = summaries([prediction(NOON, 0.25, cost=cost)])
    request = only(entry)
    assert request[4:] == (1, 0, 0.25, 5, 4, 3, 200, 1, [("f", 2, 1)])
    assert (request.status, request.is_batch, request.predictions) == (200, False, 1)


def test_it_reads_a_batch_as_one_request_with_the_answers_of_its_rows() -> None:
    (entry,) = summaries([batch(NOON, [0.1, 0.2, 0.3], refused=2)])
    request = only(entry)
    assert (request.is_batch, request.yes, request.no) == (True, 2, 1)
    assert request.probability is None


def test_it_reads_no_prediction_from_a_refusal_or_a_failure() -> None:
    found = [only(entry) for entry in summaries([refusal(NOON), failure(NOON)])]
    assert [(request.status, request.predictions) for request in found] == [(500, 0), (400, 0)]


def test_it_reads_an_entry_that_was_not_measured() -> None:
    (entry,) = summaries([prediction(NOON, cost=None)])
    assert only(entry)[7:] == (None, None, None, None, None, [])


ENTRY = summaries([prediction(NOON)])[0]
NOT_OURS: list[dict[str, Any]] = [
    {},
    {"data": None, "timestamp": ENTRY["timestamp"]},
    {**ENTRY, "timestamp": "yesterday"},
    {**ENTRY, "timestamp": None},
    # Without an offset nobody knows when it was.
    {**ENTRY, "timestamp": "2026-11-24T12:00:00"},
    {**ENTRY, "data": {"status": "fine", "transaction_id": "t"}},
    {**ENTRY, "data": {"status": 200}},
    {**ENTRY, "data": {**ENTRY["data"], "performance_metrics": "none"}},
    {**ENTRY, "data": {**ENTRY["data"], "performance_metrics": {"latency_ms": "soon"}}},
    {**ENTRY, "data": {**ENTRY["data"], "performance_metrics": {"top_functions": [{}]}}},
    {**ENTRY, "data": {**ENTRY["data"], "result": ["YES"]}},
    {**ENTRY, "data": {**ENTRY["data"], "result": {"results": {"YES": 1}}}},
]


@pytest.mark.parametrize("entry", NOT_OURS)
def test_it_passes_over_what_is_not_an_entry_of_ours(entry: dict[str, Any]) -> None:
    assert read_entry(entry) is None
    assert requests_of([entry], Period(HOUR.start, NOON + timedelta(hours=1))) == []


def test_it_counts_what_was_delivered_twice_once() -> None:
    entries = summaries([prediction(NOON - timedelta(minutes=1))])
    assert len(requests_of(entries * 2, HOUR)) == 1


def test_a_period_has_its_start_and_not_its_end() -> None:
    edges = [prediction(HOUR.start), prediction(HOUR.end)]
    (found,) = requests_of(summaries(edges), HOUR)
    assert found.transaction_id == summaries(edges)[1]["data"]["transaction_id"]


def test_a_period_is_as_exact_as_elasticsearch_keeps_a_date() -> None:
    microsecond = timedelta(microseconds=1)
    period = Period(HOUR.start + 7 * microsecond, HOUR.end + 7 * microsecond)
    edges = [prediction(HOUR.start), prediction(HOUR.end + microsecond)]
    assert len(requests_of(summaries(edges), period)) == 1
