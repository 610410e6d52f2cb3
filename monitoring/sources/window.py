"""The overview of what the window in Redis holds."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitoring.overview import (
    MOST_FUNCTIONS,
    PROBABILITY_BARS,
    CostlyFunction,
    Overview,
    Quantiles,
    Slice,
)
from monitoring.period import Period, milliseconds, milliseconds_of_span, moment
from monitoring.sources.entries import LoggedRequest, requests_and_oldest
from monitoring.sources.window_entries import window_entries
from predictions.log.stats import percentiles

SOURCE: Final = "redis"

_HOUR_MS: Final = 3_600_000
# The epoch was a Thursday.
_WEEKDAY_OF_EPOCH: Final = 3


def read_window(period: Period) -> Overview:
    """Raises ``SourceAwayError``."""
    return overview_of_window(window_entries(period.start), period)


def overview_of_window(entries: Iterable[dict[str, Any]], period: Period) -> Overview:
    """``entries`` as ``LogReader.entries`` gives them, newest first."""
    requests, oldest = requests_and_oldest(entries, period)
    whole = oldest is None or oldest <= milliseconds(period.start)
    latencies = _latencies(requests)
    return Overview(
        source=SOURCE,
        period=period,
        slices=_slices(requests, period),
        requests=len(requests),
        predictions=sum(request.predictions for request in requests),
        yes=sum(request.yes for request in requests),
        no=sum(request.no for request in requests),
        client_errors=_count(requests, 400, 500),
        server_errors=_count(requests, 500, 1000),
        latency=Quantiles(**percentiles(latencies)),
        mean_latency_ms=_mean(latencies),
        probabilities=_histogram(requests),
        functions=_costliest(requests),
        heat=_heat(requests),
        reaches_back_to=None if whole or oldest is None else moment(oldest),
    )


def _slices(requests: Iterable[LoggedRequest], period: Period) -> list[Slice]:
    width = milliseconds_of_span(period.bucket)
    within: dict[int, list[LoggedRequest]] = {}
    for request in requests:
        within.setdefault(request.at // width * width, []).append(request)
    return [_slice(start, within.get(milliseconds(start), [])) for start in period.bucket_starts]


def _slice(start: datetime, requests: Sequence[LoggedRequest]) -> Slice:
    if not requests:
        return Slice(start)
    return Slice(
        start=start,
        requests=len(requests),
        predictions=sum(request.predictions for request in requests),
        client_errors=_count(requests, 400, 500),
        server_errors=_count(requests, 500, 1000),
        latency=Quantiles(**percentiles(_latencies(requests))),
        cpu_ms=_mean(_measured(requests, lambda request: request.cpu)),
        inference_ms=_mean(_measured(requests, lambda request: request.inference)),
        memory_mb=_mean(_measured(requests, lambda request: request.memory)),
    )


def _count(requests: Iterable[LoggedRequest], least: int, below: int) -> int:
    """Of answers with such a status."""
    return sum(least <= request.status < below for request in requests)


def _latencies(requests: Iterable[LoggedRequest]) -> list[float]:
    """Of single requests: a batch takes as long as it has rows."""
    return [
        request.latency
        for request in requests
        if not request.is_batch and request.latency is not None
    ]


def _measured(
    requests: Iterable[LoggedRequest], measure: Callable[[LoggedRequest], float | None]
) -> list[float]:
    return [value for request in requests if (value := measure(request)) is not None]


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _histogram(requests: Iterable[LoggedRequest]) -> list[int]:
    """Of single predictions: of a batch the window has only the mean."""
    found = [
        request.probability
        for request in requests
        if not request.is_batch and request.predictions and request.probability is not None
    ]
    # As Elasticsearch stores and sorts them, so that both agree on a bar's edge.
    stored = np.asarray(found, dtype=np.float32).astype(np.float64)
    bars = np.floor(stored / (1 / PROBABILITY_BARS)).astype(np.int64)
    counts = np.bincount(np.clip(bars, 0, PROBABILITY_BARS - 1), minlength=PROBABILITY_BARS)
    return [int(count) for count in counts]


def _costliest(requests: Iterable[LoggedRequest]) -> list[CostlyFunction]:
    calls: Counter[str] = Counter()
    times: dict[str, float] = {}
    for request in requests:
        for name, called, time in request.functions:
            calls[name] += called
            times[name] = times.get(name, 0.0) + time
    first = sorted(times.items(), key=lambda each: (-each[1], each[0]))[:MOST_FUNCTIONS]
    return [CostlyFunction(name, calls[name], time) for name, time in first]


def _heat(requests: Sequence[LoggedRequest]) -> list[list[int]]:
    hours = np.fromiter((request.at for request in requests), np.int64) // _HOUR_MS
    predictions = np.fromiter((request.predictions for request in requests), np.int64)
    heat: NDArray[np.int64] = np.zeros((7, 24), np.int64)
    np.add.at(heat, ((hours // 24 + _WEEKDAY_OF_EPOCH) % 7, hours % 24), predictions)
    return [[int(count) for count in row] for row in heat]
