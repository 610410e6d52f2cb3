"""Where a page's overview comes from: Elasticsearch where it answers, else the window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.alerts.definitions import BY_NAME
from monitoring.overview import Overview
from monitoring.page.formats import clock, duration, source_name, whole
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from monitoring.sources.history import read_history
from monitoring.sources.state import SystemState
from monitoring.sources.window import read_window


@dataclass(frozen=True, slots=True)
class Reading:
    """``overview`` is None where no source answers. ``notes``: what the reader must know of it."""

    overview: Overview | None
    source: str
    notes: Sequence[str]


def read(period: Period, state: SystemState) -> Reading:
    """Never raises ``SourceAwayError``: that a source is away is part of what is shown."""
    why_not = state.elasticsearch.sentence
    if state.elasticsearch.ok is not False:
        try:
            return _reading(read_history(period), _behind(state))
        except SourceAwayError as error:
            why_not = error.sentence
    return _from_window(period, state, why_not)


def _reading(overview: Overview, notes: Sequence[str]) -> Reading:
    return Reading(overview, source_name(overview.source), notes)


def _from_window(period: Period, state: SystemState, why_not: str) -> Reading:
    try:
        overview = read_window(period)
    except SourceAwayError as error:
        nothing = _("There are no charts: neither Elasticsearch nor Redis can be read.")
        return Reading(None, "", [nothing, why_not, error.sentence])
    return _reading(overview, [why_not, _what_window_holds(overview, state.at)])


def _what_window_holds(overview: Overview, now: datetime) -> str:
    if not overview.requests:
        return _("The latest transactions in Redis have none of this period.")
    if overview.reaches_back_to is None:
        return _("The charts show the latest transactions in Redis, which hold the whole period.")
    return ngettext(
        "The charts show the last transaction in Redis, back to %(since)s UTC.",
        "The charts show the last %(count)s transactions in Redis, back to %(since)s UTC.",
        overview.requests,
    ) % {"count": whole(overview.requests), "since": clock(overview.reaches_back_to, now)}


def _behind(state: SystemState) -> Sequence[str]:
    """Entries that wait are not in Elasticsearch yet."""
    lag = state.lag_seconds
    if lag is None or lag < BY_NAME["pipeline_lag"].warning:
        return []
    return [
        _("Elasticsearch is %(lag)s behind: the newest transactions are missing here.")
        % {"lag": duration(lag)}
    ]
