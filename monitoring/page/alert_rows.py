"""Alerts as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from monitoring.alerts.definitions import AlertDefinition
from monitoring.models import Alert, Severity, State
from monitoring.page.formats import NOTHING, duration, precise, source_name, stamp, whole
from monitoring.page.hints import hint_of
from monitoring.page.status import Tone


@dataclass(frozen=True, slots=True)
class AlertRow:
    """``runbook``: the heading in docs/monitoring.md; "" of an alert that is not defined any more.

    ``hint``: the first thing to look at. ``quiet``: since when there are too few requests to
    judge by; "" where there are enough.
    """

    label: str
    state: str
    tone: Tone
    value: str
    worst: str
    threshold: str
    source: str
    started: str
    resolved: str
    quiet: str
    runbook: str
    hint: str


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    label: str
    warning: str
    critical: str
    clears: str
    holds: str
    runbook: str
    hint: str


def rows_of(alerts: Sequence[Alert]) -> Sequence[AlertRow]:
    return [_row(alert) for alert in alerts]


def _row(alert: Alert) -> AlertRow:
    unit = alert.unit
    return AlertRow(
        label=alert.label,
        state=f"{alert.get_state_display()}, {alert.get_severity_display()}",
        tone=_tone(alert),
        value=_with(unit, alert.value),
        worst=_with(unit, alert.worst),
        threshold=_with(unit, alert.threshold),
        source=source_name(alert.source),
        started=stamp(alert.started),
        resolved=stamp(alert.resolved) if alert.resolved else "",
        quiet=stamp(alert.quiet_since) if alert.quiet_since else "",
        runbook=alert.definition.runbook if alert.definition else "",
        hint=hint_of(alert.name),
    )


def _tone(alert: Alert) -> Tone:
    if alert.state == State.RESOLVED:
        return Tone.GOOD
    if alert.state == State.PENDING:
        return Tone.UNKNOWN
    return Tone.DANGER if alert.severity == Severity.CRITICAL else Tone.CAUTION


def definition_rows(definitions: Sequence[AlertDefinition]) -> Sequence[DefinitionRow]:
    return [
        DefinitionRow(
            label=str(each.label),
            warning=_with(each.unit, each.warning),
            critical=_with(each.unit, each.critical),
            # Below 0.8 of something that is counted is: there is none.
            clears=_with(each.unit, each.clears_below if each.unit else ceil(each.clears_below)),
            holds=duration(each.holds_for.total_seconds()) if each.holds_for else NOTHING,
            runbook=each.runbook,
            hint=hint_of(each.name),
        )
        for each in definitions
    ]


def _with(unit: str, value: float) -> str:
    written = whole(value) if value == round(value) else precise(value)
    return f"{written} {unit}".strip()
