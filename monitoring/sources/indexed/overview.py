"""The overview of a period, aggregated by Elasticsearch in one request.

ml-api-logs has every request, ml-api-message every prediction, ml-api-perfs what requests cost.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from elasticsearch_dsl import A, Q, Search
from elasticsearch_dsl.query import Query

from monitoring.overview import (
    MOST_FUNCTIONS,
    PROBABILITY_BARS,
    CostlyFunction,
    Overview,
    Quantiles,
    Slice,
)
from monitoring.period import Period, milliseconds, milliseconds_of_span
from monitoring.sources.indexed.asking import (
    Answer,
    answering,
    ask,
    buckets_of,
    search_of,
    total_of,
    value_of,
    within,
)
from predictions.log.stats import PERCENTILES

# Each day's index tells its own costliest; so many of each make the ten of all of them right.
_FUNCTIONS_OF_AN_INDEX: Final = 1000
_CLIENT_ERRORS: Final = Q("range", **{"data.status": {"gte": 400, "lt": 500}})
_SERVER_ERRORS: Final = Q("range", **{"data.status": {"gte": 500}})
_WEEKDAYS: Final = 7
_HOURS: Final = 24


def is_request() -> Query:
    """Of ml-api-logs: not a row of a batch, whose summary is the request."""
    row = Q("exists", field="data.batch_id") & ~Q("exists", field="data.result.rows")
    return ~row


def no_batch() -> Query:
    """Of ml-api-message and ml-api-perfs."""
    return ~Q("exists", field="batch_id")


def overview_of_indices(period: Period, source: str) -> Overview:
    """Raises ``SourceAwayError``."""
    logs, messages, perfs = ask(_requests(period), _predictions(period), _costs(period))
    with answering():
        results = {bucket["key"]: bucket["doc_count"] for bucket in buckets_of(messages, "results")}
        latency = _of(perfs, "single")
        return Overview(
            source=source,
            period=period,
            slices=_slices(period, logs, messages, perfs),
            requests=total_of(logs),
            predictions=results.get("YES", 0) + results.get("NO", 0),
            yes=results.get("YES", 0),
            no=results.get("NO", 0),
            client_errors=_count(_of(logs, "client_errors")),
            server_errors=_count(_of(logs, "server_errors")),
            latency=_quantiles(latency),
            mean_latency_ms=value_of(latency and latency["mean"]),
            probabilities=_histogram(messages),
            functions=_functions(perfs),
            heat=_heat(messages),
        )


def _requests(period: Period) -> Search:
    search = search_of("ml-api-logs").query("bool", filter=[within(period), is_request()])
    for level in (search.aggs, search.aggs.bucket("slices", _by_time(period))):
        level.bucket("client_errors", "filter", filter=_CLIENT_ERRORS)
        level.bucket("server_errors", "filter", filter=_SERVER_ERRORS)
    return search


def _predictions(period: Period) -> Search:
    answered = Q("terms", **{"result.result": ["YES", "NO"]})
    search = search_of("ml-api-message").query("bool", filter=[within(period), answered])
    search.aggs.bucket("results", "terms", field="result.result")
    search.aggs.bucket("slices", _by_time(period))
    search.aggs.bucket("single", "filter", filter=no_batch()).bucket(
        "bars",
        "histogram",
        field="result.probability",
        interval=1 / PROBABILITY_BARS,
        min_doc_count=1,
    )
    search.aggs.bucket("days", "terms", field="weekday", size=_WEEKDAYS).bucket(
        "hours", "terms", field="hour_of_day", size=_HOURS
    )
    return search


def _costs(period: Period) -> Search:
    search = search_of("ml-api-perfs").query("bool", filter=[within(period)])
    slices = search.aggs.bucket("slices", _by_time(period))
    for level in (search.aggs, slices):
        single = level.bucket("single", "filter", filter=no_batch())
        single.metric("quantiles", "percentiles", field="latency_ms", percents=PERCENTILES)
        single.metric("mean", "avg", field="latency_ms")
    for name in ("cpu_time_ms", "inference_time_ms", "memory_mb"):
        slices.metric(name, "avg", field=name)
    costliest = A(
        "terms",
        field="top_functions.function",
        size=MOST_FUNCTIONS,
        shard_size=_FUNCTIONS_OF_AN_INDEX,
        order=[{"time": "desc"}, {"_key": "asc"}],
    )
    costliest.metric("time", "sum", field="top_functions.time_ms")
    costliest.metric("calls", "sum", field="top_functions.calls")
    search.aggs.bucket("functions", "nested", path="top_functions").bucket("costliest", costliest)
    return search


def _by_time(period: Period) -> Any:
    """In the page's own buckets; those without documents are filled in here."""
    width = milliseconds_of_span(period.bucket)
    return A("date_histogram", field="@timestamp", fixed_interval=f"{width}ms", min_doc_count=1)


def _slices(period: Period, logs: Answer, messages: Answer, perfs: Answer) -> list[Slice]:
    requests, predictions, costs = (
        {bucket["key"]: bucket for bucket in buckets_of(answer, "slices")}
        for answer in (logs, messages, perfs)
    )
    return [
        _slice(start, requests.get(key), predictions.get(key), costs.get(key))
        for start in period.bucket_starts
        for key in [milliseconds(start)]
    ]


def _slice(
    start: datetime,
    requests: Mapping[str, Any] | None,
    predictions: Mapping[str, Any] | None,
    costs: Mapping[str, Any] | None,
) -> Slice:
    requests, costs = requests or {}, costs or {}
    return Slice(
        start=start,
        requests=_count(requests),
        predictions=_count(predictions),
        client_errors=_count(requests.get("client_errors")),
        server_errors=_count(requests.get("server_errors")),
        latency=_quantiles(costs.get("single")),
        cpu_ms=value_of(costs.get("cpu_time_ms")),
        inference_ms=value_of(costs.get("inference_time_ms")),
        memory_mb=value_of(costs.get("memory_mb")),
    )


def _of(answer: Answer, name: str) -> Mapping[str, Any] | None:
    """An aggregation; None where there was no index to look in."""
    found: Mapping[str, Any] | None = answer.get("aggregations", {}).get(name)
    return found


def _count(bucket: Mapping[str, Any] | None) -> int:
    return int(bucket["doc_count"]) if bucket else 0


def _quantiles(single: Mapping[str, Any] | None) -> Quantiles:
    if single is None:
        return Quantiles()
    values = single["quantiles"]["values"]
    return Quantiles(*(_rounded(values[f"{rank:.1f}"]) for rank in PERCENTILES))


def _rounded(value: float | None) -> float | None:
    """As the window's are."""
    return None if value is None else round(value, 3)


def _histogram(messages: Answer) -> list[int]:
    counts = [0] * PROBABILITY_BARS
    for bucket in buckets_of(messages, "single", "bars"):
        # The last bar has both of its ends.
        counts[min(round(bucket["key"] * PROBABILITY_BARS), PROBABILITY_BARS - 1)] += bucket[
            "doc_count"
        ]
    return counts


def _functions(perfs: Answer) -> list[CostlyFunction]:
    return [
        CostlyFunction(bucket["key"], int(bucket["calls"]["value"]), float(bucket["time"]["value"]))
        for bucket in buckets_of(perfs, "functions", "costliest")
    ]


def _heat(messages: Answer) -> list[list[int]]:
    """The keys are ``1 Mon`` to ``7 Sun``, and ``00`` to ``23``."""
    heat = [[0] * _HOURS for _ in range(_WEEKDAYS)]
    for day in buckets_of(messages, "days"):
        for hour in day["hours"]["buckets"]:
            heat[int(day["key"][0]) - 1][int(hour["key"])] = hour["doc_count"]
    return heat
