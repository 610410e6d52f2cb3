"""What a person at a terminal sees of ``check_alerts --once``: one line for each alert."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Final

from django.utils.translation import override
from rich.console import Console
from rich.table import Table

from monitoring.alerts.definitions import ALERTS, LEAST_REQUESTS, Kind
from monitoring.alerts.messages import quantity
from monitoring.alerts.reading import Reading
from monitoring.models import Alert, State

_WIDTH: Final = 120


def as_table(readings: Mapping[str, Reading], alerts: Sequence[Alert]) -> str:
    """``alerts``: the open ones."""
    by_name = {alert.name: alert for alert in alerts}
    table = Table(title="Alerts", title_justify="left")
    table.add_column("alert", overflow="fold")
    for column in ("value", "warning", "critical"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("state", overflow="fold")
    for definition in ALERTS:
        reading, unit = readings[definition.name], definition.unit
        with override("en"):
            label = str(definition.label)
        table.add_row(
            label,
            "-" if reading.value is None else quantity(reading.value, unit),
            quantity(definition.warning, unit),
            quantity(definition.critical, unit),
            state_of(definition.kind, reading, by_name.get(definition.name)),
        )
    console = Console(width=_WIDTH, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get().rstrip()


def state_of(kind: Kind, reading: Reading, alert: Alert | None) -> str:
    """In words: of an open alert, and of a value that nobody knows."""
    words = [_known(kind, reading)]
    if alert is not None:
        # Pending, it has no severity yet.
        grade = f" ({alert.severity})" if alert.state == State.FIRING else ""
        words.insert(0, f"{alert.state}{grade} since {alert.started.astimezone(UTC):%d %b %H:%M}")
    return ", ".join(word for word in words if word) or "ok"


def _known(kind: Kind, reading: Reading) -> str:
    if reading.value is not None:
        return ""
    if not reading.too_few:
        return "unknown"
    if kind is Kind.NUMBER:
        return "not enough data"
    return f"{reading.requests} of at least {LEAST_REQUESTS} requests"
