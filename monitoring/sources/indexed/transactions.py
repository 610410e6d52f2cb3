"""Looks transactions up in ml-api-logs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from elasticsearch_dsl import Q
from elasticsearch_dsl.query import Query

from monitoring.sources.indexed.asking import answering, ask, search_of, total_of, within
from monitoring.sources.indexed.overview import is_request

if TYPE_CHECKING:
    from monitoring.sources.transactions import TransactionQuery

# What a document has beside its entry.
_ADDED: Final = ("@timestamp", "hour_of_day", "weekday")


def search_in_indices(
    query: "TransactionQuery", limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """How many fit, and the entries of one page, newest first. Raises ``SourceAwayError``."""
    search = search_of("ml-api-logs").query("bool", filter=_filters(query))
    # The id, so that of the same millisecond none is on two pages.
    search = search.sort({"@timestamp": "desc"}, {"data.transaction_id": "desc"})
    (answer,) = ask(search.extra(size=limit, from_=offset))
    with answering():
        return total_of(answer), [_entry(hit) for hit in answer["hits"]["hits"]]


def find_in_indices(transaction_id: str) -> dict[str, Any] | None:
    """The entry, None where none has that id. Raises ``SourceAwayError``."""
    named = Q("term", **{"data.transaction_id": transaction_id})
    (answer,) = ask(search_of("ml-api-logs", size=1).query("bool", filter=[named]))
    with answering():
        hits = answer["hits"]["hits"]
        return _entry(hits[0]) if hits else None


def _filters(query: "TransactionQuery") -> list[Query]:
    filters = [within(query.period)]
    if not query.looks_for_rows:
        filters.append(is_request())
    for field, value in (
        ("data.transaction_id", query.transaction_id),
        ("data.path", query.path),
        ("data.result.result", query.result),
    ):
        if value:
            filters.append(Q("term", **{field: value}))
    if query.min_latency_ms is not None:
        latency = "data.performance_metrics.latency_ms"
        filters.append(Q("range", **{latency: {"gte": query.min_latency_ms}}))
    return filters


def _entry(hit: Mapping[str, Any]) -> dict[str, Any]:
    """As in docs/log-entry.md."""
    return {name: value for name, value in hit["_source"].items() if name not in _ADDED}
