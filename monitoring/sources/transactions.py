"""Looks transactions up, by what a person knows of them."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from monitoring.period import Period, milliseconds
from monitoring.sources import history, window
from monitoring.sources.away import SourceAwayError
from monitoring.sources.entries import LoggedRequest, read_entry, time_of
from monitoring.sources.window_entries import window_entries

MOST_ROWS: Final = 200
# Elasticsearch looks no deeper than its 10,000th hit.
MOST_OFFSET: Final = 10_000 - MOST_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionQuery:
    """What is given must all hold. ``result``: YES or NO. Blank and None: any.

    Rows of batches are looked for by their id and by their result; else the batch's summary,
    the request that it was, stands for them.
    """

    period: Period
    transaction_id: str = ""
    path: str = ""
    result: str = ""
    min_latency_ms: float | None = None

    @property
    def looks_for_rows(self) -> bool:
        return bool(self.transaction_id or self.result)


@dataclass(frozen=True, slots=True)
class Found:
    """``rows``: entries as in docs/log-entry.md, newest first; ``total`` on all pages."""

    source: str
    total: int
    rows: list[dict[str, Any]]


def search(query: TransactionQuery, limit: int, offset: int) -> Found:
    """Elasticsearch's, else the window's, which has no rows of batches.

    At most MOST_ROWS from at most MOST_OFFSET on. Raises ``SourceAwayError`` where neither
    Redis nor Elasticsearch answers.
    """
    limit, offset = min(max(limit, 0), MOST_ROWS), min(max(offset, 0), MOST_OFFSET)
    try:
        return _in_indices(query, limit, offset)
    except SourceAwayError as away:
        try:
            return _in_window(query, limit, offset)
        except SourceAwayError as error:
            raise SourceAwayError(f"{error} {away}") from None


def find(transaction_id: str) -> dict[str, Any] | None:
    """The whole entry with its profile, in Elasticsearch or not yet there; None where none is.

    Raises ``SourceAwayError`` where a source that may have it does not answer.
    """
    away: SourceAwayError | None = None
    try:
        if settings.ES_URL and (stored := _stored(transaction_id)) is not None:
            return stored
    except SourceAwayError as error:
        away = error
    for entry in window_entries():
        if time_of(entry) is not None and entry["data"].get("transaction_id") == transaction_id:
            return entry
    if away is not None:
        raise away
    return None


def _stored(transaction_id: str) -> dict[str, Any] | None:
    from monitoring.sources.indexed.transactions import find_in_indices

    return find_in_indices(transaction_id)


def _in_indices(query: TransactionQuery, limit: int, offset: int) -> Found:
    history.require_elasticsearch()
    from monitoring.sources.indexed.transactions import search_in_indices

    total, rows = search_in_indices(query, limit, offset)
    return Found(history.SOURCE, total, rows)


def _in_window(query: TransactionQuery, limit: int, offset: int) -> Found:
    found: dict[str, dict[str, Any]] = {}
    for entry in window_entries(query.period.start):
        request = read_entry(entry)
        if request is not None and _fits(query, request, entry):
            found.setdefault(request.transaction_id, entry)
    rows = sorted(found.values(), key=lambda entry: str(entry["timestamp"]), reverse=True)
    return Found(window.SOURCE, len(rows), rows[offset : offset + limit])


def _fits(query: TransactionQuery, request: LoggedRequest, entry: dict[str, Any]) -> bool:
    if not milliseconds(query.period.start) <= request.at < milliseconds(query.period.end):
        return False
    if query.transaction_id and request.transaction_id != query.transaction_id:
        return False
    if query.path and entry["data"].get("path") != query.path:
        return False
    if query.result and (entry["data"].get("result") or {}).get("result") != query.result:
        return False
    latency = request.latency
    return query.min_latency_ms is None or (latency is not None and latency >= query.min_latency_ms)
