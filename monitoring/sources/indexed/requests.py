"""The alerts' figures of a period, aggregated by Elasticsearch in one request."""

from collections.abc import Iterable
from typing import Final

from elasticsearch_dsl import A, Q

from monitoring.alerts.definitions import AlertDefinition, Kind
from monitoring.period import Period
from monitoring.sources.indexed.asking import (
    Answer,
    answering,
    ask,
    search_of,
    total_of,
    within,
)
from monitoring.sources.indexed.overview import is_request, no_batch

_FAILED: Final = Q("range", **{"data.status": {"gte": 500}})
_ROW: Final = Q("exists", field="data.batch_id")


def figures_of_indices(
    period: Period, alerts: Iterable[AlertDefinition]
) -> tuple[int, dict[str, tuple[int, float]]]:
    """How many requests there were; of each alert over how many it was measured, and its value.

    Raises ``SourceAwayError``.
    """
    alerts = list(alerts)
    logs = search_of("ml-api-logs").query("bool", filter=[within(period), is_request()])
    perfs = search_of("ml-api-perfs").query("bool", filter=[within(period)])
    for alert in alerts:
        if alert.kind is Kind.SHARE:
            of = A("filter", filter=~_ROW if alert.without_batches else Q("match_all"))
            of.bucket("failed", "filter", filter=_FAILED)
            logs.aggs.bucket(alert.name, of)
        else:
            of = A("filter", filter=no_batch() if alert.without_batches else Q("match_all"))
            of.metric("mean", "avg", field=alert.field)
            of.metric("measured", "value_count", field=alert.field)
            perfs.aggs.bucket(alert.name, of)
    requests, costs = ask(logs, perfs)
    with answering():
        values = {
            alert.name: _share(requests, alert.name)
            if alert.kind is Kind.SHARE
            else _mean(costs, alert.name)
            for alert in alerts
        }
        return total_of(requests), values


def _share(requests: Answer, name: str) -> tuple[int, float]:
    """In percent."""
    found = requests.get("aggregations", {}).get(name)
    if not found or not found["doc_count"]:
        return 0, 0.0
    return found["doc_count"], 100 * found["failed"]["doc_count"] / found["doc_count"]


def _mean(costs: Answer, name: str) -> tuple[int, float]:
    found = costs.get("aggregations", {}).get(name)
    if not found or not found["measured"]["value"]:
        return 0, 0.0
    return int(found["measured"]["value"]), float(found["mean"]["value"])
