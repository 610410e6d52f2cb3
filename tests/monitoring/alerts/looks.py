"""What the tests of the alerts share: moments, readings, a run of looks without a database."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from monitoring.alerts.definitions import BY_NAME, AlertDefinition
from monitoring.alerts.judge import judge
from monitoring.alerts.reading import Reading
from monitoring.models import Alert, AlertEvent, Severity, State, Transition

NOON: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
GAP: Final = 3 * MINUTE
LATENCY: Final = BY_NAME["latency"]
TOO_FEW: Final = Reading(source="redis", requests=3, too_few=True)
UNKNOWN: Final = Reading(why="Redis does not answer.")
Seen = float | Reading


def minute(number: float) -> datetime:
    return NOON + number * MINUTE


def reading(seen: Seen) -> Reading:
    return seen if isinstance(seen, Reading) else Reading(value=seen, source="redis", requests=50)


def an_event(
    transition: Transition = Transition.FIRED,
    *,
    name: str = "latency",
    at: datetime = NOON,
    value: float | None = 123.456,
) -> AlertEvent:
    """Saved, with an alert of its own that is over."""
    alert = Alert.objects.create(
        name=name,
        state=State.RESOLVED,
        severity=Severity.WARNING,
        value=123.456,
        worst=123.456,
        threshold=100,
        source="redis",
        started=at - 5 * MINUTE,
        seen=at,
        fired=at,
        resolved=at,
    )
    return AlertEvent.objects.create(
        alert=alert,
        transition=transition,
        severity=Severity.WARNING,
        value=value,
        threshold=100,
        at=at,
    )


class Watched:
    """One alert, looked at each minute from noon on. ``told``: minute and transition."""

    def __init__(self, definition: AlertDefinition = LATENCY) -> None:
        self.definition = definition
        self.alert: Alert | None = None
        self.told: list[tuple[float, Transition]] = []
        self.minute = 0.0

    def look(self, seen: Seen) -> None:
        found = judge(self.definition, self.alert, reading(seen), minute(self.minute), GAP)
        if found.transition is not None:
            self.told.append((self.minute, found.transition))
        if found.alert is not None:
            self.alert = found.alert
        if found.dropped or (self.alert is not None and self.alert.state == State.RESOLVED):
            self.alert = None
        self.minute += 1

    def looks(self, many: Iterable[Seen]) -> "Watched":
        for seen in many:
            self.look(seen)
        return self

    @property
    def state(self) -> str:
        """``clear``, or the state and severity of the open alert."""
        if self.alert is None:
            return "clear"
        return f"{self.alert.state} {self.alert.severity}"


def firing(value: float = 150, definition: AlertDefinition = LATENCY) -> Watched:
    """One that has just fired; what it told is forgotten."""
    watched = Watched(definition)
    while watched.alert is None or watched.alert.state != State.FIRING:
        watched.look(value)
    watched.told.clear()
    return watched
