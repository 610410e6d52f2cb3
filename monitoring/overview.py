"""What the charts show, whichever source it was counted in.

``sources/window.py`` counts it in the window in Redis, ``sources/history.py`` in Elasticsearch;
from the same transactions both make the same overview, percentiles aside, which
Elasticsearch estimates (t-digest).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitoring.period import Period

# Of the histogram of probabilities: 20 bars from 0 to 1.
PROBABILITY_BARS: Final = 20
MOST_FUNCTIONS: Final = 10


@dataclass(frozen=True, slots=True)
class Quantiles:
    """In milliseconds; None where nothing was measured."""

    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """One bucket of time. A batch is one request and as many predictions as rows were answered.

    ``latency`` of single requests; the means of ``cpu_ms``, ``inference_ms`` and ``memory_mb``
    (resident set) of all requests, None where nothing was measured.
    """

    start: datetime
    requests: int = 0
    predictions: int = 0
    client_errors: int = 0
    server_errors: int = 0
    latency: Quantiles = Quantiles()
    cpu_ms: float | None = None
    inference_ms: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True, slots=True)
class CostlyFunction:
    """``file:line(function)``: calls, and time of its own, of all requests together."""

    function: str
    calls: int
    time_ms: float


@dataclass(frozen=True, slots=True)
class Overview:
    """``slices`` without a gap, oldest first, buckets aligned to the epoch.

    ``probabilities``: counts in PROBABILITY_BARS equal bars, of single predictions, because the
    window has only the mean of a batch. ``heat[weekday][hour]``: predictions, Monday first, UTC.
    ``reaches_back_to``: of the window in Redis, its oldest entry where that is later than the
    period's start; what was before is not counted.
    """

    source: str
    period: Period
    slices: Sequence[Slice]
    requests: int
    predictions: int
    yes: int
    no: int
    client_errors: int
    server_errors: int
    latency: Quantiles
    mean_latency_ms: float | None
    probabilities: Sequence[int]
    functions: Sequence[CostlyFunction]
    heat: Sequence[Sequence[int]]
    reaches_back_to: datetime | None = None
