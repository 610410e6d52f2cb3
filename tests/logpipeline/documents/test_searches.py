"""What dashboards ask of the real Elasticsearch, each as one aggregation of elasticsearch-dsl."""

from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch_dsl import A, Search

from logpipeline.documents.indices import setup
from logpipeline.documents.mappings import ApiLog, PerformanceMetrics
from logpipeline.entries import decode
from predictions.log.entry import as_json
from tests.logpipeline.site_documents import sent, store
from tests.predictions.logs import entry


@pytest.fixture
def ready(elastic: Elasticsearch, index_prefix: str) -> Elasticsearch:
    setup(elastic, index_prefix, 90)
    return elastic


def costing(functions: dict[str, float]) -> dict[str, Any]:
    top = [{"function": name, "calls": 2, "time_ms": time} for name, time in functions.items()]
    (found,) = decode(as_json(entry(performance_metrics={"top_functions": top})))
    return sent("ml-api-perfs", found)


def test_the_ten_costliest_functions_are_one_aggregation(
    ready: Elasticsearch, index_prefix: str
) -> None:
    # Cheap together and dear alone: a time must stay with its own function.
    documents = [costing({f"f{n}": 0.5 for n in range(12)}) for _ in range(3)]
    documents += [costing({"dear": 100.0, "f0": 1.0})]
    store(ready, index_prefix, "ml-api-perfs", *documents)
    search: Search = PerformanceMetrics.search(using=ready, index=f"{index_prefix}ml-api-perfs")
    costliest = A("terms", field="top_functions.function", size=10, order={"time": "desc"})
    costliest.metric("time", "sum", field="top_functions.time_ms")
    costliest.metric("calls", "sum", field="top_functions.calls")
    search.aggs.bucket("functions", "nested", path="top_functions").bucket("costliest", costliest)
    buckets = search[:0].execute().aggregations.functions.costliest.buckets
    found = [(bucket.key, bucket.time.value, bucket.calls.value) for bucket in buckets]
    assert found[:3] == [("dear", 100.0, 2), ("f0", 2.5, 8), ("f1", 1.5, 6)]
    assert len(found) == 10


def test_the_week_by_weekday_and_hour_is_one_aggregation(
    ready: Elasticsearch, index_prefix: str
) -> None:
    # A Sunday and two Mondays.
    times = ["2026-11-22T23:59:59+00:00", "2026-11-23T09:00:00+00:00", "2026-11-30T09:59:00+00:00"]
    times += ["2026-11-23T01:30:00+02:00", "2026-11-23T10:00:00+00:00"]
    lines = [as_json({**entry(), "timestamp": time}) for time in times]
    documents = [sent("ml-api-logs", decode(line)[0]) for line in lines]
    store(ready, index_prefix, "ml-api-logs", *documents)
    search: Search = ApiLog.search(using=ready, index=f"{index_prefix}ml-api-logs")
    hours = A("terms", field="hour_of_day", size=24, order={"_key": "asc"})
    days = A("terms", field="weekday", size=7, order={"_key": "asc"})
    search.aggs.bucket("days", days).bucket("hours", hours)
    found = {
        (day.key, hour.key): hour.doc_count
        for day in search[:0].execute().aggregations.days.buckets
        for hour in day.hours.buckets
    }
    assert list(found.items()) == [
        (("1 Mon", "09"), 2),
        (("1 Mon", "10"), 1),
        (("7 Sun", "23"), 2),
    ]


def test_a_document_is_read_back_as_it_was_sent(ready: Elasticsearch, index_prefix: str) -> None:
    document = costing({"f": 0.5})
    store(ready, index_prefix, "ml-api-perfs", document)
    (found,) = PerformanceMetrics.search(using=ready, index=f"{index_prefix}ml-api-perfs")
    assert found.top_functions[0].time_ms == 0.5
    assert found["@timestamp"].isoformat(timespec="microseconds") == document["@timestamp"]
