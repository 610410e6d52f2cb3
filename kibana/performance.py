"""The dashboard *Performance*: what the requests cost, and which of them fail."""

from typing import Any, Final

from kibana.dashboards import Dashboard
from kibana.data_views import LOGS, PERFS, SINGLE
from kibana.lens.charts import XY
from kibana.lens.colors import P50, P95, P99
from kibana.lens.columns import average, count, greatest, over_time, percentile, values_of
from kibana.panels import LensPanel
from kibana.vega import VegaPanel

MOST_FUNCTIONS: Final = 10
# Each shard (an index a day has one) names its own costliest; a function that is not among them is
# missing from the sum. Few services run more functions than this.
_OF_A_SHARD: Final = 5_000
# As docs/log-fields.md has it: a function's calls and time stay its own.
FUNCTIONS: Final[dict[str, Any]] = {
    "functions": {
        "nested": {"path": "top_functions"},
        "aggs": {
            "costliest": {
                "terms": {
                    "field": "top_functions.function",
                    "size": MOST_FUNCTIONS,
                    "shard_size": _OF_A_SHARD,
                    "order": {"time": "desc"},
                },
                "aggs": {
                    "time": {"sum": {"field": "top_functions.time_ms"}},
                    "calls": {"sum": {"field": "top_functions.calls"}},
                },
            }
        },
    }
}

_LATENCY: Final = LensPanel(
    title="Latency p50, p95, p99, without batches",
    at=(0, 0, 24, 12),
    reads=PERFS,
    kql=SINGLE,
    chart=XY(
        x=over_time(),
        y=[percentile(f"p{percent}, ms", "latency_ms", percent) for percent in (50, 95, 99)],
        colors=[P50, P95, P99],
    ),
)
_INFERENCE: Final = LensPanel(
    title="Inference time, without batches",
    at=(24, 0, 24, 12),
    reads=PERFS,
    kql=SINGLE,
    chart=XY(
        x=over_time(),
        y=[
            average("mean, ms", "inference_time_ms"),
            percentile("p95, ms", "inference_time_ms", 95),
        ],
        colors=[P50, P95],
    ),
)
_CPU: Final = LensPanel(
    title="CPU time of a request, without batches",
    at=(0, 12, 24, 12),
    reads=PERFS,
    kql=SINGLE,
    chart=XY(
        x=over_time(),
        y=[average("mean, ms", "cpu_time_ms"), percentile("p95, ms", "cpu_time_ms", 95)],
        colors=[P50, P95],
    ),
)
_MEMORY: Final = LensPanel(
    title="Memory",
    at=(24, 12, 24, 12),
    reads=PERFS,
    chart=XY(
        x=over_time(),
        y=[
            greatest("greatest resident set, MiB", "memory_mb"),
            average("mean growth in a request, MiB", "memory_delta_mb"),
        ],
        colors=[P50, P95],
    ),
)
_COSTLY: Final = VegaPanel(
    title="Top 10 costly functions",
    at=(0, 24, 24, 14),
    reads=PERFS,
    aggregations=FUNCTIONS,
    buckets="functions.costliest.buckets",
    of="Function",
    bar=("time", "time of its own, ms"),
    also=("calls", "calls"),
)
_ERRORS: Final = LensPanel(
    title="Errors by status",
    at=(24, 24, 24, 14),
    reads=LOGS,
    # The rows of an answered batch have its 200: only requests are counted.
    kql="data.status >= 400",
    chart=XY(
        x=over_time(),
        y=[count("Requests")],
        split=values_of("Status", "data.status", size=10, data_type="number"),
        series="bar_stacked",
    ),
)
PERFORMANCE: Final = Dashboard(
    title="Performance",
    description="What the requests cost, and which of them fail.",
    shows="now-24h",
    panels=[_LATENCY, _INFERENCE, _CPU, _MEMORY, _COSTLY, _ERRORS],
)
