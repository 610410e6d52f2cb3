"""The Grafana dashboard: which panels it has, and what each asks Prometheus."""

from typing import Any, Final

from monitoring.alerts.definitions import BY_NAME
from monitoring.metrics import promql
from monitoring.metrics.grafana import Panel, Query, Row, dashboard_of

_WINDOW: Final = "$__rate_interval"
_SITE: Final = 'instance=~"$instance"'
_TRANSACTIONS: Final = f"{_SITE}, {promql.paths()}"
_SINGLE: Final = f"{_SITE}, {promql.paths(without_batches=True)}"
_SHARES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
_FAILED: Final = f'{_TRANSACTIONS}, status=~"5.."'


def dashboard() -> dict[str, Any]:
    """Grafana's JSON model."""
    return dashboard_of("heartrisk", "heartrisk", _ROWS, "heartrisk_build_info")


def _rate(metric: str, matchers: str, by: str = "instance") -> str:
    return promql.total(metric, _WINDOW, matchers, by)


def _quantiles(histogram: str, matchers: str) -> tuple[Query, ...]:
    return tuple(
        Query(promql.quantile(share, histogram, _WINDOW, matchers, "instance"), name)
        for name, share in _SHARES.items()
    )


def _mean(histogram: str, matchers: str) -> Query:
    return Query(promql.mean(histogram, _WINDOW, matchers, "instance"), "mean")


def _of(metric: str, legend: str, matchers: str = "") -> Query:
    """A gauge, as it is."""
    chosen = f"{_SITE}, {matchers}" if matchers else _SITE
    return Query(f"{metric}{{{chosen}}}", legend)


def _error_share() -> str:
    counted = "heartrisk_requests_total"
    failed, every = _rate(counted, _FAILED), _rate(counted, _TRANSACTIONS)
    # A site that never failed has no series of failures.
    return f"100 * ({failed} or 0 * {every}) / {every}"


_NOW: Final = Row(
    "Now",
    [
        Panel(
            title="Requests",
            description="Transactions a second.",
            unit="reqps",
            queries=[Query(_rate("heartrisk_requests_total", _TRANSACTIONS), "{{instance}}")],
            kind="stat",
            width=4,
            height=4,
        ),
        Panel(
            title="Failing",
            description="Share of transactions that end in a 5xx.",
            unit="percent",
            queries=[Query(_error_share(), "{{instance}}")],
            kind="stat",
            width=4,
            height=4,
            red_from=BY_NAME["error_rate"].warning,
        ),
        Panel(
            title="Alerts firing",
            description="By the site's own evaluation.",
            unit="short",
            queries=[
                Query(f"sum by (severity) (heartrisk_alert_firing{{{_SITE}}})", "{{severity}}")
            ],
            kind="stat",
            width=4,
            height=4,
            red_from=1,
        ),
        Panel(
            title="Inputs with drift",
            description="In the latest report. Missing where there is no recent one.",
            unit="short",
            queries=[_of("heartrisk_drift_inputs", "{{instance}}")],
            kind="stat",
            width=4,
            height=4,
            red_from=BY_NAME["drift"].warning,
        ),
        Panel(
            title="Parts that work",
            description="1: works, 0: does not.",
            unit="short",
            queries=[_of("heartrisk_up", "{{part}}")],
            kind="stat",
            width=4,
            height=4,
        ),
        Panel(
            title="Model",
            description="The version that answers.",
            unit="short",
            queries=[_of("heartrisk_model_info", "{{model_version}}")],
            kind="stat",
            width=4,
            height=4,
        ),
    ],
)
_TRAFFIC: Final = Row(
    "Requests",
    [
        Panel(
            title="Requests by path",
            description="Of everything that Django answers, health checks too.",
            unit="reqps",
            queries=[Query(_rate("heartrisk_requests_total", _SITE, "path"), "{{path}}")],
            stacked=True,
        ),
        Panel(
            title="Response time",
            description="Of transactions without batches; read from the histogram's buckets.",
            unit="s",
            queries=_quantiles("heartrisk_request_duration_seconds", _SINGLE),
            red_from=BY_NAME["latency"].warning / 1000,
        ),
        Panel(
            title="Errors",
            description="Transactions that were refused (4xx) or failed (5xx).",
            unit="reqps",
            queries=[
                Query(
                    _rate(
                        "heartrisk_requests_total", f'{_TRANSACTIONS}, status=~"[45].."', "status"
                    ),
                    "{{status}}",
                )
            ],
            stacked=True,
        ),
        Panel(
            title="Response time by path, p95",
            description="Batches stand apart from single predictions.",
            unit="s",
            queries=[
                Query(
                    promql.quantile(
                        0.95, "heartrisk_request_duration_seconds", _WINDOW, _TRANSACTIONS, "path"
                    ),
                    "{{path}}",
                )
            ],
        ),
        Panel(
            title="Predictions by result",
            description="A second; each row of a batch is one.",
            unit="short",
            queries=[Query(_rate("heartrisk_predictions_total", _SITE, "result"), "{{result}}")],
            stacked=True,
        ),
        Panel(
            title="Not profiled",
            description="Transactions a second whose functions were not timed, by the reason.",
            unit="short",
            queries=[Query(_rate("heartrisk_not_profiled_total", _SITE, "reason"), "{{reason}}")],
        ),
    ],
)
_COST: Final = Row(
    "What a transaction costs (without batches)",
    [
        Panel(
            title="Time of the model",
            description="The mean is what the alert looks at.",
            unit="s",
            queries=[
                _mean("heartrisk_inference_duration_seconds", _SINGLE),
                *_quantiles("heartrisk_inference_duration_seconds", _SINGLE),
            ],
            red_from=BY_NAME["inference"].warning / 1000,
        ),
        Panel(
            title="CPU time",
            description="Of the transaction's own thread.",
            unit="s",
            queries=[
                _mean("heartrisk_request_cpu_seconds", _SINGLE),
                *_quantiles("heartrisk_request_cpu_seconds", _SINGLE),
            ],
            red_from=BY_NAME["cpu"].warning / 1000,
        ),
        Panel(
            title="Growth of memory",
            description="Of the process's resident set, batches too; 0 where it shrank.",
            unit="bytes",
            queries=[_mean("heartrisk_request_memory_growth_bytes", _TRANSACTIONS)],
            red_from=BY_NAME["memory_delta"].warning * (1 << 20),
        ),
    ],
)
_LOG: Final = Row(
    "The log and its pipeline",
    [
        Panel(
            title="Pipeline lag",
            description="Age of the oldest entry that is not indexed.",
            unit="s",
            queries=[_of("heartrisk_pipeline_lag_seconds", "{{instance}}")],
            red_from=BY_NAME["pipeline_lag"].warning,
        ),
        Panel(
            title="Entries that wait",
            description="In the stream, unread, and read but not indexed.",
            unit="short",
            queries=[
                _of("heartrisk_stream_length", "stream"),
                _of("heartrisk_pipeline_unread", "unread"),
                _of("heartrisk_pipeline_pending", "pending"),
            ],
        ),
        Panel(
            title="What the pipeline does",
            description="A second, by its own counters.",
            unit="short",
            queries=[Query(_rate("heartrisk_pipeline_total", _SITE, "counter"), "{{counter}}")],
        ),
        Panel(
            title="Dead letters and losses",
            description="Entries that cannot be indexed; transactions that are in no log.",
            unit="short",
            queries=[_of("heartrisk_dead_letters", "dead letters"), _of("heartrisk_lost", "lost")],
            red_from=BY_NAME["dead_letters"].warning,
        ),
        Panel(
            title="Spool",
            description="Entries that wait for Redis on disk, and those it had no room for.",
            unit="short",
            queries=[
                _of("heartrisk_spool_waiting", "waiting"),
                _of("heartrisk_spool_dropped", "dropped"),
            ],
            red_from=BY_NAME["spool"].warning,
        ),
        Panel(
            title="Sources of these metrics",
            description="0: it did not answer the last scrape, and its metrics are missing.",
            unit="short",
            queries=[_of("heartrisk_scrape_source_up", "{{source}}")],
        ),
    ],
)
_DRIFT_AND_ALERTS: Final = Row(
    "Drift and alerts",
    [
        Panel(
            title="Population stability index",
            description="By input, from the latest drift report.",
            unit="short",
            queries=[_of("heartrisk_drift_psi", "{{input}} ({{group}})")],
        ),
        Panel(
            title="Drift",
            description="1 where a test found an input to have changed.",
            unit="short",
            queries=[Query(f"heartrisk_drift_detected{{{_SITE}}} > 0", "{{input}} ({{group}})")],
        ),
        Panel(
            title="Alerts",
            description="1 while an alert fires, by the site's own evaluation.",
            unit="short",
            queries=[Query(f"heartrisk_alert_firing{{{_SITE}}} > 0", "{{alert}}, {{severity}}")],
        ),
    ],
)
_ROWS: Final = (_NOW, _TRAFFIC, _COST, _LOG, _DRIFT_AND_ALERTS)
