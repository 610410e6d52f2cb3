"""What the entries of the window say together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

Entry = dict[str, Any]

PERCENTILES: Final = (50, 95, 99)
MEASURES: Final = ("latency_ms", "cpu_time_ms", "inference_time_ms", "memory_mb")
_MINUTE: Final = timedelta(minutes=1)


def statistics_of(entries: Sequence[Entry], now: datetime) -> dict[str, Any]:
    """Counts, percentiles and rate. A batch counts once as a request, each row as a result."""
    statuses = [int(entry["data"]["status"]) for entry in entries]
    return {
        "count": len(entries),
        "results": _results(entries),
        "errors": sum(status >= 400 for status in statuses),
        "client_errors": sum(400 <= status < 500 for status in statuses),
        "server_errors": sum(status >= 500 for status in statuses),
        "requests_per_minute": requests_per_minute(
            [datetime.fromisoformat(entry["timestamp"]) for entry in entries], now
        ),
        **{name: percentiles(_measured(entries, name)) for name in MEASURES},
    }


def percentiles(values: Sequence[float]) -> dict[str, float | None]:
    """``p50``, ``p95``, ``p99``; null where nothing was measured."""
    if not values:
        return {f"p{rank}": None for rank in PERCENTILES}
    found = np.percentile(np.asarray(values, dtype=np.float64), PERCENTILES)
    return {f"p{rank}": round(float(v), 3) for rank, v in zip(PERCENTILES, found, strict=True)}


def requests_per_minute(times: Sequence[datetime], now: datetime) -> float:
    """Of the last minute; where the window does not reach so far back, of what it holds.

    A window shorter than a minute is one that many requests have filled, or one that
    is new: both give the rate of its own span, up to now.
    """
    recent = [time for time in times if now - time <= _MINUTE]
    if not recent:
        return 0.0
    # Older entries are in the window too: it holds the whole minute.
    if len(recent) < len(times):
        return float(len(recent))
    span = max(now - min(recent), timedelta(seconds=1))
    return round(len(recent) * (_MINUTE / span), 1)


def utc_now() -> datetime:
    return datetime.now(UTC)


def is_entry(entry: Entry) -> bool:
    """Whether the statistics can read it: somebody else may have pushed to the list."""
    data = entry.get("data")
    return isinstance(data, dict) and "status" in data and "timestamp" in entry


def _results(entries: Iterable[Entry]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for entry in entries:
        result = entry["data"].get("result") or {}
        if "results" in result:
            counted.update(result["results"])
        elif "result" in result:
            counted[result["result"]] += 1
    return {"YES": counted["YES"], "NO": counted["NO"]}


def _measured(entries: Iterable[Entry], name: str) -> list[float]:
    metrics = (entry["data"].get("performance_metrics") or {} for entry in entries)
    return [metric[name] for metric in metrics if metric.get(name) is not None]
