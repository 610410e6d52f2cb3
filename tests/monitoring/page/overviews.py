"""Overviews made by hand, for the charts' tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitoring.overview import PROBABILITY_BARS, CostlyFunction, Overview, Quantiles, Slice
from monitoring.period import Period
from tests.monitoring.traffic import NOON

HOUR = Period(NOON - timedelta(hours=1), NOON)
BUSY = Slice(
    start=NOON,
    requests=10,
    predictions=8,
    client_errors=1,
    server_errors=1,
    latency=Quantiles(2, 5, 9),
    cpu_ms=1.5,
    inference_ms=0.4,
    memory_mb=210,
)
QUIET = Slice(NOON)


def overview(slices: Sequence[Slice] = (QUIET, BUSY, BUSY, QUIET), **more: Any) -> Overview:
    """Of 20 requests in an hour of few buckets, unless something else is given."""
    bars = [0] * PROBABILITY_BARS
    bars[1], bars[4] = 12, 4
    heat = [[0] * 24 for _ in range(7)]
    heat[1][11] = 16
    starts = HOUR.bucket_starts
    given: dict[str, Any] = {
        "source": "redis",
        "period": HOUR,
        "slices": [replace(each, start=starts[n]) for n, each in enumerate(slices)],
        "requests": 20,
        "predictions": 16,
        "yes": 4,
        "no": 12,
        "client_errors": 2,
        "server_errors": 2,
        "latency": Quantiles(2, 5, 9),
        "mean_latency_ms": 2.5,
        "probabilities": bars,
        "functions": [
            CostlyFunction("a.py:1(slow)", 20, 40),
            CostlyFunction("b.py:2(fast)", 5, 10),
        ],
        "heat": heat,
    }
    return Overview(**given | more)


def nothing() -> Overview:
    """Of a period without a request."""
    return overview(
        [QUIET] * 12,
        requests=0,
        predictions=0,
        yes=0,
        no=0,
        client_errors=0,
        server_errors=0,
        latency=Quantiles(),
        mean_latency_ms=None,
        probabilities=[0] * PROBABILITY_BARS,
        functions=[],
        heat=[[0] * 24 for _ in range(7)],
    )
