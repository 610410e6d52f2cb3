"""What the entries of the window say together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

Entry = dict[str, Any]

PERCENTILES: Final = (50, 95, 99)
MEASURES: Final = ("latency_ms", "cpu_time_ms", "inference_time_ms", "memory_mb")
_MINUTE: Final = timedelta(minutes=1)


def statistics_of(entries: Iterable[Entry], now: datetime) -> dict[str, Any]:
    """Counts, percentiles and rate. A batch counts once as a request, each row as a result.

    No entry is kept: a large window has more than fits into memory.
    """
    statuses: list[int] = []
    times: list[datetime] = []
    results: Counter[str] = Counter()
    measured: dict[str, list[float]] = {name: [] for name in MEASURES}
    for entry in entries:
        data = entry["data"]
        statuses.append(int(data["status"]))
        times.append(datetime.fromisoformat(entry["timestamp"]))
        results.update(_results(data))
        metrics = data.get("performance_metrics") or {}
        for name, values in measured.items():
            if (value := metrics.get(name)) is not None:
                values.append(value)
    return {
        "count": len(statuses),
        "results": {"YES": results["YES"], "NO": results["NO"]},
        "errors": sum(status >= 400 for status in statuses),
        "client_errors": sum(400 <= status < 500 for status in statuses),
        "server_errors": sum(status >= 500 for status in statuses),
        "requests_per_minute": requests_per_minute(times, now),
        **{name: percentiles(values) for name, values in measured.items()},
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


def _results(data: Mapping[str, Any]) -> Mapping[str, int]:
    """How many YES and NO an entry stands for."""
    result = data.get("result") or {}
    if "results" in result:
        found: dict[str, int] = result["results"]
        return found
    return {result["result"]: 1} if "result" in result else {}
