"""The documents as they are sent, in JSON: the hot path, so plain dicts and bytes.

Each raises ``UndecodableError`` for an entry that has not the shape of one.
"""

from typing import Any, Final

import orjson

from logpipeline.entries import LogEntry, UndecodableError

# What reading or writing an entry of another shape raises.
_OTHER_SHAPE: Final = (LookupError, TypeError, AttributeError)


def api_log_source(entry: LogEntry) -> bytes:
    """The whole entry; the bytes it came as are passed through."""
    raw = entry.raw
    try:
        if raw is None:
            return orjson.dumps({**entry.fields, **_dates(entry)})
        # Between the braces there is something: an entry has a timestamp.
        return orjson.dumps(_dates(entry))[:-1] + b"," + raw.lstrip()[1:]
    except _OTHER_SHAPE:
        raise UndecodableError("not_an_entry") from None


def prediction_message_source(entry: LogEntry) -> bytes:
    """What was asked and answered."""
    try:
        data = entry.data
        get = data.get
        return orjson.dumps(
            {
                **_dates(entry),
                "timestamp": entry.fields["timestamp"],
                "transaction_id": entry.transaction_id,
                "batch_id": get("batch_id"),
                "input_data": get("input_data"),
                "result": get("result"),
                "path": get("path"),
                "model_version": get("model_version"),
                **_demo(data),
            }
        )
    except _OTHER_SHAPE:
        raise UndecodableError("not_an_entry") from None


def performance_metrics_source(entry: LogEntry) -> bytes:
    """The metrics at the top level, and what the request was."""
    try:
        data = entry.data
        get = data.get
        return orjson.dumps(
            {
                **data["performance_metrics"],
                **_dates(entry),
                "timestamp": entry.fields["timestamp"],
                "method": get("method"),
                "path": get("path"),
                "status": get("status"),
                "model_version": get("model_version"),
                "batch_id": get("batch_id"),
                "rows": _rows_of(get("result")),
                **_demo(data),
            }
        )
    except _OTHER_SHAPE:
        raise UndecodableError("not_an_entry") from None


def _dates(entry: LogEntry) -> dict[str, str]:
    moment = entry.moment
    return {
        "@timestamp": moment.timestamp,
        "hour_of_day": moment.hour,
        "weekday": moment.weekday,
    }


def _demo(data: dict[str, Any]) -> dict[str, Any]:
    """A demonstration's entries say so; others say nothing of it."""
    return {"demo": data["demo"]} if "demo" in data else {}


def _rows_of(result: Any) -> Any:
    """How many rows a batch had; null for anything else."""
    return result.get("rows") if isinstance(result, dict) else None
