"""A log entry as the figures need it: one request, and what it was, cost and answered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitoring.period import Period, milliseconds
from predictions.log.stats import is_entry

Entry = dict[str, Any]
# What reading an entry of another shape raises.
_OTHER_SHAPE = (LookupError, TypeError, ValueError, AttributeError, OverflowError)


class LoggedRequest(NamedTuple):
    """A batch is one, with as many ``yes`` and ``no`` as rows were answered.

    ``at``: milliseconds since the epoch. ``probability``: of a single prediction. The measures
    are None where nothing was measured; milliseconds and MB.
    """

    at: int
    transaction_id: str
    status: int
    is_batch: bool
    yes: int
    no: int
    probability: float | None
    latency: float | None
    cpu: float | None
    inference: float | None
    memory: float | None
    memory_delta: float | None
    functions: Sequence[tuple[str, int, float]]

    @property
    def predictions(self) -> int:
        return self.yes + self.no


def requests_of(entries: Iterable[Entry], period: Period) -> list[LoggedRequest]:
    """Those of the period, each once; what is not an entry of ours is passed over."""
    return requests_and_oldest(entries, period)[0]


def requests_and_oldest(
    entries: Iterable[Entry], period: Period
) -> tuple[list[LoggedRequest], int | None]:
    """And when the oldest entry was, of the period or not; None where there is none."""
    start, end = milliseconds(period.start), milliseconds(period.end)
    found: dict[str, LoggedRequest] = {}
    oldest: int | None = None
    for entry in entries:
        at = time_of(entry)
        if at is None:
            continue
        if oldest is None or at < oldest:
            oldest = at
        # Delivered twice, it is in the window twice.
        if start <= at < end and (request := _read(entry, at)) is not None:
            found.setdefault(request.transaction_id, request)
    return list(found.values()), oldest


def time_of(entry: Entry) -> int | None:
    """In milliseconds since the epoch; None where it is not an entry of ours."""
    try:
        if not is_entry(entry):
            return None
        return milliseconds(datetime.fromisoformat(entry["timestamp"]))
    except _OTHER_SHAPE:
        return None


def read_entry(entry: Entry) -> LoggedRequest | None:
    """None where it is not an entry of ours."""
    at = time_of(entry)
    return None if at is None else _read(entry, at)


def _read(entry: Entry, at: int) -> LoggedRequest | None:
    try:
        data = entry["data"]
        metrics = data.get("performance_metrics") or {}
        result = data.get("result") or {}
        yes, no = _answers(result)
        return LoggedRequest(
            at=at,
            transaction_id=str(data["transaction_id"]),
            status=int(data["status"]),
            is_batch=data.get("batch_id") is not None,
            yes=yes,
            no=no,
            probability=_number(result.get("probability")),
            latency=_number(metrics.get("latency_ms")),
            cpu=_number(metrics.get("cpu_time_ms")),
            inference=_number(metrics.get("inference_time_ms")),
            memory=_number(metrics.get("memory_mb")),
            memory_delta=_number(metrics.get("memory_delta_mb")),
            functions=[
                (str(each["function"]), int(each["calls"]), float(each["time_ms"]))
                for each in metrics.get("top_functions") or ()
            ],
        )
    except _OTHER_SHAPE:
        return None


def _answers(result: Mapping[str, Any]) -> tuple[int, int]:
    """How many YES and NO."""
    if "results" in result:
        return int(result["results"]["YES"]), int(result["results"]["NO"])
    answer = result.get("result")
    return int(answer == "YES"), int(answer == "NO")


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
