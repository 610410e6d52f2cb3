"""What people are told of an event: English, of the service only, nothing of a person."""

from typing import Any, Final

from django.conf import settings
from django.utils.translation import override

from monitoring.alerts.definitions import LEAST_REQUESTS
from monitoring.models import AlertEvent, Transition

# By its path: naming the view would load every other one.
_PAGE: Final = "/monitoring/alerts"
_VERBS: Final = {
    Transition.FIRED: "fires",
    Transition.WORSENED: "is now critical",
    Transition.EASED: "is no longer critical",
    Transition.RESOLVED: "is resolved",
}


def message(event: AlertEvent) -> dict[str, Any]:
    """The webhook's JSON; docs/alerts.md explains its fields.

    ``value`` is null where an alert ended without one. ``text`` is what chat programs show.
    """
    alert = event.alert
    with override("en"):
        label = alert.label
    return {
        "id": str(event.pk),
        "text": text(event),
        "alert": alert.name,
        "label": label,
        "transition": event.transition,
        "severity": event.severity,
        "value": event.value,
        "unit": alert.unit,
        "threshold": event.threshold,
        "started": alert.started.isoformat(),
        "at": event.at.isoformat(),
        "runbook": runbook(event),
    }


def text(event: AlertEvent) -> str:
    """One sentence."""
    with override("en"):
        label = event.alert.label
    grade = f"{event.severity}: " if event.transition == Transition.FIRED else ""
    return f"{grade}{label} {_VERBS[Transition(event.transition)]} ({_figures(event)})."


def mail_body(event: AlertEvent) -> str:
    """A few lines."""
    return (
        f"{text(event)}\n\nSince {event.alert.started:%Y-%m-%d %H:%M:%S} UTC.\n"
        f"What to do: {runbook(event)}\n"
    )


def runbook(event: AlertEvent) -> str:
    """A link where the site's address is known, else the place in its documents."""
    definition = event.alert.definition
    anchor = f"#{definition.runbook}" if definition else ""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{_PAGE}{anchor}"
    return f"docs/monitoring.md{anchor}"


def quantity(value: float, unit: str) -> str:
    """For people: at most two digits after the point."""
    number = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{number} {unit}".rstrip()


def _figures(event: AlertEvent) -> str:
    unit = event.alert.unit
    if event.value is not None:
        return f"{quantity(event.value, unit)}, threshold {quantity(event.threshold, unit)}"
    if event.alert.definition is None:
        return "no longer watched"
    return f"too little to judge by: fewer than {LEAST_REQUESTS} requests"
