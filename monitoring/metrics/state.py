"""What /metrics tells of the site as a whole: each reader asks one source, now.

A reader raises where its source is away: its metrics are then missing, not zero.
"""

import platform
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import redis
from django.conf import settings
from django.db import connection
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric

from logpipeline.delivery.counts import TOTALS
from logpipeline.sources.redis_source import COUNTERS_KEY
from monitoring.alerts.definitions import ALERTS
from monitoring.models import Alert, DriftReport, Severity, State, Verdict
from monitoring.sources.state import system_state
from predictions.risk.predictor import get_predictor

Reader = Callable[[], list[Metric]]

_REDIS_TIMEOUT_S: Final = 1.0
# A report that is older than two windows tells nothing of now.
_DRIFT_WINDOWS: Final = 2
_PARTS: Final = ("redis", "elasticsearch", "pipeline", "database")
# Metric, attribute of ``SystemState``, help.
_FIGURES: Final = (
    (
        "heartrisk_pipeline_lag_seconds",
        "lag_seconds",
        "Age of the oldest log entry that is not indexed.",
    ),
    (
        "heartrisk_pipeline_pending",
        "pending",
        "Log entries that a pipeline has read and not indexed.",
    ),
    ("heartrisk_pipeline_unread", "unread", "Log entries that no pipeline has read."),
    ("heartrisk_stream_length", "stream_length", "Log entries in the stream."),
    ("heartrisk_window_length", "window_length", "Transactions in the live window."),
    ("heartrisk_dead_letters", "dead_letters", "Log entries that cannot be indexed."),
    ("heartrisk_lost", "lost", "Transactions that were answered and are in no log."),
    ("heartrisk_spool_waiting", "spool_waiting", "Log entries that wait for Redis on disk."),
    ("heartrisk_spool_dropped", "spool_dropped", "Transactions that a full spool dropped."),
)


def system() -> list[Metric]:
    """Ups, lengths and lags. What ``system_state`` does not know is missing."""
    state = system_state(datetime.now(UTC))
    up = GaugeMetricFamily("heartrisk_up", "Whether a part of the site works.", labels=["part"])
    for part in _PARTS:
        ok = getattr(state, part).ok
        if ok is not None:
            up.add_metric([part], float(ok))
    known = [(name, said, getattr(state, field)) for name, field, said in _FIGURES]
    return [
        up,
        *(
            GaugeMetricFamily(name, said, float(value))
            for name, said, value in known
            if value is not None
        ),
    ]


def pipeline_counters() -> list[Metric]:
    """Of all runs of the pipeline since Redis was empty."""
    with redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_REDIS_TIMEOUT_S,
        socket_connect_timeout=_REDIS_TIMEOUT_S,
        retry=None,
    ) as client:
        counted: Any = client.hgetall(COUNTERS_KEY)
    family = CounterMetricFamily(
        "heartrisk_pipeline",
        "What the log pipeline has done, by its own counters.",
        labels=["counter"],
    )
    for name in TOTALS:
        family.add_metric([name], float(counted.get(name.encode(), 0)))
    return [family]


def drift() -> list[Metric]:
    """When the latest report was made, and what the latest of late found that had enough data."""
    reports = DriftReport.objects.order_by("-created", "-pk")
    latest = reports.first()
    if latest is None:
        return []
    made = GaugeMetricFamily(
        "heartrisk_drift_report_timestamp_seconds",
        "When the latest drift report was made.",
        latest.created.timestamp(),
    )
    since = datetime.now(UTC) - _DRIFT_WINDOWS * timedelta(hours=settings.DRIFT_WINDOW_HOURS)
    judged = reports.exclude(verdict=Verdict.NOT_ENOUGH_DATA).filter(created__gt=since).first()
    return [made] if judged is None else [made, *_figures(judged)]


def _figures(report: DriftReport) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "heartrisk_drift_inputs", "Distributions that drift from training data.", report.drifting
    )
    yield GaugeMetricFamily(
        "heartrisk_drift_rows", "Predictions that the drift report looked at.", report.rows
    )
    # An input and a feature may have the same name.
    labels = ["input", "group"]
    detected = GaugeMetricFamily(
        "heartrisk_drift_detected",
        "Whether an input, a feature or the probability drifts.",
        labels=labels,
    )
    psi = GaugeMetricFamily("heartrisk_drift_psi", "Population stability index.", labels=labels)
    for figure in report.figures:
        named = [figure["name"], figure["group"]]
        if figure["verdict"] != Verdict.NOT_ENOUGH_DATA:
            detected.add_metric(named, float(figure["verdict"] == Verdict.DRIFT))
        if figure["psi"] is not None:
            psi.add_metric(named, figure["psi"])
    yield from (detected, psi)


def alerts() -> list[Metric]:
    """1 where an alert fires, 0 where it does not: of every alert, in both severities."""
    firing = set(Alert.objects.filter(state=State.FIRING).values_list("name", "severity"))
    family = GaugeMetricFamily(
        "heartrisk_alert_firing",
        "Whether the site's own evaluation has an alert firing.",
        labels=["alert", "severity"],
    )
    for definition in ALERTS:
        for severity in Severity.values:
            family.add_metric(
                [definition.name, severity], float((definition.name, severity) in firing)
            )
    return [family]


def model() -> list[Metric]:
    """Raises ``ModelError``."""
    predictor = get_predictor()
    return [
        InfoMetricFamily(
            "heartrisk_model", "The model that answers.", {"model_version": predictor.model_version}
        )
    ]


def build() -> list[Metric]:
    """Cannot fail."""
    about = {
        "version": settings.SPECTACULAR_SETTINGS["VERSION"],
        "python": platform.python_version(),
    }
    return [InfoMetricFamily("heartrisk_build", "The site's software.", about)]


def _closing(reader: Reader) -> Reader:
    """Leaves the reader's thread without a database connection."""

    def read() -> list[Metric]:
        try:
            return reader()
        finally:
            connection.close()

    return read


READERS: Final[Mapping[str, Reader]] = {
    "system": _closing(system),
    "pipeline_counters": pipeline_counters,
    "drift": _closing(drift),
    "alerts": _closing(alerts),
    "model": model,
    "build": build,
}
