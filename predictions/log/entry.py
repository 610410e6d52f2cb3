"""The log entry of a transaction: its field names are a public contract (docs/log-entry.md)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from django.conf import settings
from django.http import HttpRequest

from predictions.profiling import Metrics
from predictions.transaction import BatchRecord, Transaction

ROWS_PER_ENTRY: Final = 500
REQUEST_ID_LENGTH: Final = 128
NOTHING: Final = "-"
# Only an entry of rows has it: within a text of JSON, each quotation mark has a backslash.
BEGINNING_OF_ROWS: Final = b'"data":{"batch_id":'

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entries:
    """A transaction's summary, for window and stream, and a batch's rows, for the stream only."""

    summary: bytes
    rows: Sequence[bytes] = ()

    def __iter__(self) -> Iterator[bytes]:
        yield self.summary
        yield from self.rows


def entries_of(
    request: HttpRequest,
    status: int,
    transaction: Transaction,
    metrics: Metrics | None,
    latency_ms: float,
    now: datetime,
) -> Entries:
    """The transaction's entries as JSON, ready for Redis and for the spool."""
    envelope = {"timestamp": timestamp(now), "level": level_of(status)}
    about = _about(request, status, transaction)
    head = f"[{transaction.id}] {about['method']} {about['path']} - {status} - {latency_ms:.0f}ms"
    batch = transaction.batch
    if batch is None:
        said = f"{head} - {_inputs_in_words(transaction)} - {_result_in_words(transaction)}"
        data = {
            "transaction_id": transaction.id,
            "input_data": transaction.input_data,
            "result": transaction.result,
            "invalid_input": transaction.invalid_input,
            "performance_metrics": metrics,
            **about,
        }
        return Entries(as_json({**envelope, "message": said, "data": data}))
    said = f"{head} - {_batch_in_words(batch)}"
    data = {
        "transaction_id": transaction.id,
        "batch_id": batch.batch_id,
        "input_data": None,
        "result": _batch_result(batch),
        "invalid_input": transaction.invalid_input,
        "performance_metrics": metrics,
        **about,
    }
    summary = as_json({**envelope, "message": said, "data": data})
    return Entries(summary, list(_row_entries({**envelope, "message": said}, batch, about)))


def timestamp(moment: datetime) -> str:
    """UTC, always with microseconds: 32 characters, so that text order is time order."""
    # To convert what is UTC already would double the time.
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")


def level_of(status: int) -> str:
    if status >= 500:
        return "ERROR"
    return "WARNING" if status >= 400 else "INFO"


def request_id_of(request: HttpRequest) -> str | None:
    """The client's X-Request-ID where it is short, printable ASCII; never used as identity."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    acceptable = 0 < len(given) <= REQUEST_ID_LENGTH and given.isascii() and given.isprintable()
    return given if acceptable else None


def as_json(entry: Mapping[str, Any]) -> bytes:
    """One line of JSON; numpy's scalars are numbers, NaN is null."""
    return orjson.dumps(entry, option=orjson.OPT_SERIALIZE_NUMPY)


def is_rows(entry: Mapping[str, Any]) -> bool:
    """Whether this is a batch's entry of rows, which the window does not hold."""
    return isinstance(entry["data"].get("rows"), list)


def ids_in(entry: Mapping[str, Any]) -> list[str]:
    """The transaction ids that are lost where this entry is."""
    if is_rows(entry):
        return [row["transaction_id"] for row in entry["data"]["rows"]]
    return [entry["data"]["transaction_id"]]


def _about(request: HttpRequest, status: int, transaction: Transaction) -> Entry:
    return {
        "method": request.method,
        "path": request.path,
        "status": status,
        "model_version": transaction.model_version,
        "request_id": request_id_of(request),
        **({"demo": True} if settings.DEMO else {}),
    }


def _inputs_in_words(transaction: Transaction) -> str:
    inputs = transaction.input_data
    if not inputs:
        return NOTHING
    return " ".join(
        [
            f"{name}=unknown" if value is None or math.isnan(value) else f"{name}={value:g}"
            for name, value in inputs.items()
        ]
    )


def _result_in_words(transaction: Transaction) -> str:
    if transaction.invalid_input:
        refused = ", ".join(
            f"{each['field']} {each['reason']}" for each in transaction.invalid_input
        )
        return f"refused: {refused}"
    result = transaction.result
    if not result:
        return NOTHING
    return f"{result.get('result', NOTHING)} {float(result.get('probability', math.nan)):.3f}"


def _batch_in_words(batch: BatchRecord) -> str:
    mean = batch.mean_probability
    average = NOTHING if mean is None else f"{mean:.3f}"
    return f"{len(batch.rows)} rows, {batch.errors} errors - mean {average}"


def _batch_result(batch: BatchRecord) -> Entry:
    outcomes = [row["result"]["result"] for row in batch.rows if row.get("result")]
    positive = outcomes.count("YES")
    return {
        "rows": len(batch.rows),
        "errors": batch.errors,
        "mean_probability": batch.mean_probability,
        "results": {"YES": positive, "NO": len(outcomes) - positive},
    }


def _row_entries(envelope: Entry, batch: BatchRecord, about: Entry) -> Iterator[bytes]:
    for part, first in enumerate(range(0, len(batch.rows), ROWS_PER_ENTRY)):
        rows = batch.rows[first : first + ROWS_PER_ENTRY]
        data = {"batch_id": batch.batch_id, "part": part, **about, "rows": rows}
        yield as_json({**envelope, "data": data})
