"""What the soak's two writers add, and where each of their transactions must be found."""

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import orjson
from django.test import RequestFactory

from predictions.features import EXAMPLE
from predictions.log.entry import entries_of, is_rows
from predictions.profiling import Metrics
from predictions.transaction import BatchRecord, Transaction
from tests.faults.pipeline import INDICES, predictions

# Transactions that are added in one go: as many predictions, or a batch and its rows.
TOGETHER: Final = 25


def single(transactions: int) -> Iterator[list[bytes]]:
    """Predictions one by one."""
    for _ in range(math.ceil(transactions / TOGETHER)):
        yield predictions(TOGETHER)


def batches(transactions: int) -> Iterator[list[bytes]]:
    """Each as the site logs it: a summary, and an entry of rows."""
    for _ in range(math.ceil(transactions / TOGETHER)):
        yield _batch(TOGETHER - 1)


def places(lines: Iterable[bytes]) -> dict[str, list[str]]:
    """Index -> transaction ids that it must hold, sorted."""
    found: dict[str, list[str]] = {alias: [] for alias in INDICES}
    for line in lines:
        entry = orjson.loads(line)
        for data in entry["data"]["rows"] if is_rows(entry) else [entry["data"]]:
            found["ml-api-logs"].append(data["transaction_id"])
            if data["input_data"] and data["result"]:
                found["ml-api-message"].append(data["transaction_id"])
            if data.get("performance_metrics"):
                found["ml-api-perfs"].append(data["transaction_id"])
    return {alias: sorted(ids) for alias, ids in found.items()}


def _batch(rows: int) -> list[bytes]:
    transaction = Transaction(
        batch=BatchRecord(str(uuid4()), [_row() for _ in range(rows)], 0, 0.1)
    )
    request = RequestFactory().post("/predict_batch")
    now = datetime.now(UTC)
    return list(entries_of(request, 200, transaction, _metrics(transaction.id), 45.0, now))


def _row() -> dict[str, Any]:
    result = {"prediction": 0, "result": "NO", "probability": 0.1, "risk_band": "moderate"}
    return {"transaction_id": str(uuid4()), "input_data": dict(EXAMPLE), "result": result}


def _metrics(identity: str) -> Metrics:
    return {
        "transaction_id": identity,
        "inference_time_ms": 4.0,
        "cpu_time_ms": 20.0,
        "memory_mb": 200.0,
        "memory_delta_mb": 0.0,
        "function_calls": None,
        "latency_ms": 45.0,
        "top_functions": [],
        "profiled": False,
        "not_profiled": "busy",
    }
