"""Measures what the alerts watch, in every source."""

import math
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from monitoring.alerts.definitions import ALERTS, LEAST_REQUESTS, WINDOW, Kind
from monitoring.alerts.reading import Reading
from monitoring.models import DriftReport, Verdict
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from monitoring.sources.requests import RequestFigures, request_figures
from monitoring.sources.state import Part, SystemState, system_state

_DATABASE: Final = "database"
_SPOOL: Final = "spool"


def read_all(now: datetime) -> dict[str, Reading]:
    """Of every definition, in their order. A source that is away costs only its own values."""
    found = _of_requests(now) | _of_system(system_state(now))
    found["drift"] = _of_drift(now)
    return {definition.name: found[definition.name] for definition in ALERTS}


def _of_requests(now: datetime) -> dict[str, Reading]:
    names = [definition.name for definition in ALERTS if definition.kind is not Kind.NUMBER]
    try:
        figures = request_figures(Period.last(WINDOW, now), now)
    except SourceAwayError as error:
        return dict.fromkeys(names, Reading(why=error.sentence))
    return {name: _of_figure(figures, name) for name in names}


def _of_figure(figures: RequestFigures, name: str) -> Reading:
    requests, value = figures.values.get(name, (0, 0.0))
    if requests < LEAST_REQUESTS or not math.isfinite(value):
        return Reading(source=figures.source, requests=requests, too_few=True)
    return Reading(value=value, source=figures.source, requests=requests)


def _of_system(state: SystemState) -> dict[str, Reading]:
    return {
        "pipeline_lag": _number(state.lag_seconds, "redis", state.redis),
        "dead_letters": _number(state.dead_letters, _DATABASE, state.database),
        "spool": _number(state.spool_waiting, _SPOOL),
        "lost": _losses(state),
    }


def _number(value: float | None, source: str, part: Part | None = None) -> Reading:
    """Of a part that is away with its sentence; of one that there is none of, unknown."""
    if value is not None:
        return Reading(value=float(value), source=source)
    why = part.sentence if part is not None and part.ok is False else ""
    return Reading(source=source, why=why)


def _losses(state: SystemState) -> Reading:
    """What a full spool dropped, until its record is moved away, and what Redis lost of late."""
    dropped = _number(state.spool_dropped, _SPOOL)
    if not state.lost_lately:
        return dropped
    return Reading(value=(dropped.value or 0) + state.lost_lately, source=_DATABASE)


def _of_drift(now: datetime) -> Reading:
    """By the latest report that could judge; too few rows in all of late is no judgement."""
    since = now - 2 * timedelta(hours=settings.DRIFT_WINDOW_HOURS)
    of_late = DriftReport.objects.filter(created__gt=since, created__lte=now).defer("figures")
    judged = of_late.exclude(verdict=Verdict.NOT_ENOUGH_DATA).order_by("-created", "-pk").first()
    if judged is not None:
        return Reading(value=float(judged.drifting), source=judged.source)
    return Reading(source=_DATABASE, too_few=of_late.exists())
