"""Every alert, defined once.

From this table come the built-in evaluation, the Kibana rules, the Prometheus rules file and
the runbook's anchors in docs/monitoring.md.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What is measured of requests is measured over so long, and of at least so many.
WINDOW: Final = timedelta(minutes=5)
LEAST_REQUESTS: Final = 20
# An alert ends when the value is below so much of its warning threshold: no flapping.
CLEARS_BELOW: Final = 0.8
# Losses stay in the database for ever; what is said of them must end some day.
LOSS_IS_NEWS_FOR: Final = timedelta(days=1)


class Kind(StrEnum):
    """``MEAN``: of requests in the window; ``SHARE``: of them that fail; ``NUMBER``: of now."""

    MEAN = "mean"
    SHARE = "share"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDefinition:
    """``field`` of ml-api-perfs is what a ``MEAN`` is the mean of.

    ``holds_for``: how long the value must be at least the threshold before it fires. For what
    is measured over a window that is one window more: two in a row.
    """

    name: str
    label: str | Promise
    unit: str
    kind: Kind
    warning: float
    critical: float
    field: str = ""
    # A batch of many rows may take as long as it likes.
    without_batches: bool = False
    holds_for: timedelta = timedelta(0)

    @property
    def clears_below(self) -> float:
        """In the unit of the value."""
        return self.warning * CLEARS_BELOW

    @property
    def runbook(self) -> str:
        """The heading in docs/monitoring.md."""
        return f"alert-{self.name.replace('_', '-')}"


ALERTS: Final[tuple[AlertDefinition, ...]] = (
    AlertDefinition(
        name="latency",
        label=_("Mean response time"),
        unit="ms",
        kind=Kind.MEAN,
        warning=100,
        critical=200,
        field="latency_ms",
        without_batches=True,
        holds_for=WINDOW,
    ),
    AlertDefinition(
        name="cpu",
        label=_("Mean CPU time of a request"),
        unit="ms",
        kind=Kind.MEAN,
        warning=100,
        critical=200,
        field="cpu_time_ms",
        without_batches=True,
        holds_for=WINDOW,
    ),
    AlertDefinition(
        name="memory_delta",
        label=_("Mean growth of memory in a request"),
        unit="MB",
        kind=Kind.MEAN,
        warning=50,
        critical=100,
        field="memory_delta_mb",
        holds_for=WINDOW,
    ),
    AlertDefinition(
        name="inference",
        label=_("Mean time of the model"),
        unit="ms",
        kind=Kind.MEAN,
        warning=50,
        critical=100,
        field="inference_time_ms",
        without_batches=True,
        holds_for=WINDOW,
    ),
    AlertDefinition(
        name="error_rate",
        label=_("Share of requests that fail in the server"),
        unit="%",
        kind=Kind.SHARE,
        warning=1,
        critical=5,
        field="status",
        holds_for=WINDOW,
    ),
    AlertDefinition(
        name="pipeline_lag",
        label=_("Age of the oldest log entry that is not indexed"),
        unit="s",
        kind=Kind.NUMBER,
        warning=60,
        critical=600,
        holds_for=timedelta(minutes=1),
    ),
    AlertDefinition(
        name="dead_letters",
        label=_("Log entries that cannot be indexed"),
        unit="",
        kind=Kind.NUMBER,
        warning=1,
        critical=100,
    ),
    AlertDefinition(
        name="spool",
        label=_("Log entries that wait for Redis on disk"),
        unit="",
        kind=Kind.NUMBER,
        warning=1,
        critical=10_000,
        holds_for=timedelta(minutes=1),
    ),
    AlertDefinition(
        name="lost",
        label=_("Transactions that were answered and not logged"),
        unit="",
        kind=Kind.NUMBER,
        warning=1,
        critical=1,
    ),
    AlertDefinition(
        name="drift",
        label=_("Distributions that drift from training data"),
        unit="",
        kind=Kind.NUMBER,
        warning=1,
        critical=5,
    ),
)
BY_NAME: Final = {alert.name: alert for alert in ALERTS}
