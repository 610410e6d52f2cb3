"""Entries as the site writes them and the pipeline reads them, and rules for them."""

from typing import Any

import orjson
from django.test import RequestFactory

from logpipeline.entries import LogEntry, decode
from predictions.features import EXAMPLE
from predictions.log.entry import Entries, entries_of
from predictions.profiling import Profiler
from predictions.transaction import BatchRecord, Transaction
from tests.predictions.logs import NOON, entry

RESULT = {"prediction": 0, "result": "NO", "probability": 0.1234}
EVERYTHING = {"name": "everything", "predicate": {}, "action": "route", "index": "ml-api-logs"}


def rule(name: str = "rule", predicate: Any = None, **action: Any) -> dict[str, Any]:
    return {"name": name, "predicate": {} if predicate is None else predicate, **action}


def drop(name: str = "drop", predicate: Any = None) -> dict[str, Any]:
    return rule(name, predicate, action="drop")


def route(index: str, predicate: Any = None) -> dict[str, Any]:
    return rule(f"to {index}", predicate, action="route", index=index)


def redact(*fields: str) -> dict[str, Any]:
    return rule("redact", action="redact", fields=list(fields))


def repair(function: Any) -> dict[str, Any]:
    return rule("repair", action="repair", repair=function)


def log_entry(changes: dict[str, Any] | None = None, **data: Any) -> LogEntry:
    """A small one, with the fields that a test gives it."""
    return decode(orjson.dumps({**entry(**data), **(changes or {})}))[0]


def prediction() -> LogEntry:
    return _written(Transaction(input_data=dict(EXAMPLE), result=dict(RESULT)))


def refused_prediction() -> LogEntry:
    refused = [{"field": "AGE", "value": "200", "reason": "above_limit"}]
    return _written(Transaction(invalid_input=refused), status=400)


def reading_the_log() -> LogEntry:
    return _written(Transaction(), method="GET", path="/logs")


def batch() -> tuple[LogEntry, LogEntry, LogEntry]:
    """Its summary, a row with a result, and a refused row."""
    rows: list[dict[str, Any]] = [
        {"transaction_id": "row 1", "input_data": dict(EXAMPLE), "result": dict(RESULT)},
        {"transaction_id": "row 2", "invalid_input": []},
    ]
    record = BatchRecord("the batch", rows, errors=1, mean_probability=0.1234)
    entries = _entries(Transaction(id="the batch", batch=record), path="/predict_batch")
    answered, refused = decode(entries.rows[0])
    return decode(entries.summary)[0], answered, refused


def _written(transaction: Transaction, **about: Any) -> LogEntry:
    return decode(_entries(transaction, **about).summary)[0]


def _entries(
    transaction: Transaction, status: int = 200, method: str = "POST", path: str = "/predict"
) -> Entries:
    request = RequestFactory().generic(method, path)
    metrics = Profiler().start().stop(transaction)
    return entries_of(request, status, transaction, metrics, 44.6, NOON)
