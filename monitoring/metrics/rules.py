"""Prometheus rules: the table of alerts, as Prometheus evaluates it.

For each alert a recording rule, its value in its unit as the page shows it, and two alerting
rules on that. Needs nothing newer than Prometheus 2.42 (Debian 12).
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils import translation

from monitoring.alerts.definitions import (
    ALERTS,
    CLEARS_BELOW,
    LEAST_REQUESTS,
    WINDOW,
    AlertDefinition,
    Kind,
)
from monitoring.metrics import promql
from monitoring.models import Severity

EVALUATED_EVERY: Final = timedelta(seconds=30)
# Field of ml-api-perfs: its histogram, and how much of the alert's unit one of its units is.
_HISTOGRAMS: Final[Mapping[str, tuple[str, str]]] = {
    "latency_ms": ("heartrisk_request_duration_seconds", "1000 *"),
    "cpu_time_ms": ("heartrisk_request_cpu_seconds", "1000 *"),
    "inference_time_ms": ("heartrisk_inference_duration_seconds", "1000 *"),
    "memory_delta_mb": ("heartrisk_request_memory_growth_bytes", "1 / 1048576 *"),
}
_NUMBERS: Final[Mapping[str, str]] = {
    "pipeline_lag": "heartrisk_pipeline_lag_seconds",
    "dead_letters": "heartrisk_dead_letters",
    "spool": "heartrisk_spool_waiting",
    # A spool's losses count until somebody moves their record away, Redis' own for a day: those
    # are counted for ever, and their alert must end.
    "lost": ("heartrisk_lost - min_over_time((heartrisk_lost - heartrisk_spool_dropped)[1d:1m])"),
    "drift": "heartrisk_drift_inputs",
}


def rules() -> dict[str, Any]:
    """The file's content. In English, whoever asks."""
    with translation.override("en"):
        return {
            "groups": [
                {
                    "name": "heartrisk",
                    "interval": duration(EVALUATED_EVERY),
                    "rules": [rule for alert in ALERTS for rule in _rules_of(alert)],
                }
            ]
        }


def duration(span: timedelta) -> str:
    """``300s``."""
    return f"{span.total_seconds():.0f}s"


def recorded(alert: AlertDefinition) -> str:
    """The series that holds the alert's value, by Prometheus' convention for names."""
    return f"instance:heartrisk_alert_{alert.name}:value"


def alert_name(alert: AlertDefinition) -> str:
    """``HeartriskPipelineLag``."""
    return "Heartrisk" + alert.name.title().replace("_", "")


def _rules_of(alert: AlertDefinition) -> Iterator[dict[str, Any]]:
    yield {"record": recorded(alert), "expr": _value(alert)}
    for severity, threshold in (
        (Severity.WARNING, alert.warning),
        (Severity.CRITICAL, alert.critical),
    ):
        yield _alerting(alert, severity.value, threshold)


def _alerting(alert: AlertDefinition, severity: str, threshold: float) -> dict[str, Any]:
    name, value = alert_name(alert), recorded(alert)
    firing = f'ALERTS{{alertname="{name}", severity="{severity}", alertstate="firing"}}'
    stays = f"{value} >= {threshold * CLEARS_BELOW:g} and on ({promql.SITE}) {firing}"
    rule: dict[str, Any] = {"alert": name, "expr": f"{value} >= {threshold:g} or ({stays})"}
    if alert.holds_for:
        rule["for"] = duration(alert.holds_for)
    unit = f" {alert.unit}" if alert.unit else ""
    return rule | {
        "labels": {"severity": severity},
        "annotations": {
            "summary": f"{alert.label}: {severity}",
            "description": (
                f'{alert.label} is {{{{ $value | printf "%.4g" }}}}{unit} on '
                f"{{{{ $labels.instance }}}}; {severity} from {threshold:g}{unit}."
            ),
            "runbook_url": f"docs/monitoring.md#{alert.runbook}",
        },
    }


def _value(alert: AlertDefinition) -> str:
    if alert.kind is Kind.NUMBER:
        return f"max by ({promql.SITE}) ({_NUMBERS[alert.name]})"
    window = duration(WINDOW)
    matchers = promql.paths(without_batches=alert.without_batches)
    if alert.kind is Kind.SHARE:
        counted = "heartrisk_requests_total"
        failed = promql.total(counted, window, f'{matchers}, status=~"5.."')
        value = f"100 * {failed} / {promql.total(counted, window, matchers)}"
    else:
        histogram, times = _HISTOGRAMS[alert.field]
        counted = f"{histogram}_count"
        value = f"{times} {promql.mean(histogram, window, matchers)}"
    # Few requests say little: nothing fires, nothing goes on firing.
    enough = f"sum by ({promql.SITE}) (increase({counted}{{{matchers}}}[{window}]))"
    return f"{value} and {enough} >= {LEAST_REQUESTS}"
