"""What the alerts measure over a period: means over requests, and the share that failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

import numpy as np

from monitoring.alerts.definitions import ALERTS, AlertDefinition, Kind
from monitoring.period import Period, milliseconds, moment
from monitoring.sources import history, window
from monitoring.sources.away import SourceAwayError
from monitoring.sources.entries import LoggedRequest, requests_and_oldest
from monitoring.sources.window_entries import window_entries

OF_REQUESTS: Final = tuple(alert for alert in ALERTS if alert.kind in (Kind.MEAN, Kind.SHARE))
# A definition's field of ml-api-perfs, as an entry's request has it.
_MEASURES: Final = {
    "latency_ms": attrgetter("latency"),
    "cpu_time_ms": attrgetter("cpu"),
    "inference_time_ms": attrgetter("inference"),
    "memory_mb": attrgetter("memory"),
    "memory_delta_mb": attrgetter("memory_delta"),
}


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """``values``: of each MEAN and SHARE definition the requests it was measured over, and the
    value in the definition's unit; (0, 0.0) where nothing was measured.

    ``start``: later than the period's where the source holds no more. ``requests``: all of it.
    """

    source: str
    start: datetime
    end: datetime
    requests: int
    values: Mapping[str, tuple[int, float]]


def request_figures(period: Period, now: datetime) -> RequestFigures:
    """Of the window where it covers the period; else of the source that has more requests of it.

    What is later than ``now`` is not counted. Raises ``SourceAwayError`` where neither Redis
    nor Elasticsearch answers.
    """
    period = Period(period.start, max(period.start, min(period.end, now)))
    try:
        seen, whole = _of_window(period)
    except SourceAwayError as away:
        return _of_indices_or(period, away)
    if whole:
        return seen
    try:
        stored = _of_indices(period)
    except SourceAwayError:
        return seen
    # Elasticsearch may lag, and the window may have been emptied.
    return stored if stored.requests > seen.requests else seen


def _of_indices(period: Period) -> RequestFigures:
    history.require_elasticsearch()
    from monitoring.sources.indexed.requests import figures_of_indices

    requests, values = figures_of_indices(period, OF_REQUESTS)
    return RequestFigures(history.SOURCE, period.start, period.end, requests, values)


def _of_indices_or(period: Period, away: SourceAwayError) -> RequestFigures:
    """Raises with both sentences."""
    try:
        return _of_indices(period)
    except SourceAwayError as error:
        raise SourceAwayError(f"{away} {error}") from None


def _of_window(period: Period) -> tuple[RequestFigures, bool]:
    """The figures, and whether the window holds the whole period."""
    requests, oldest = requests_and_oldest(window_entries(period.start), period)
    whole = oldest is not None and oldest <= milliseconds(period.start)
    values = {alert.name: _value(alert, requests) for alert in OF_REQUESTS}
    since = period.end if oldest is None else moment(oldest)
    start = period.start if whole else min(since, period.end)
    return RequestFigures(window.SOURCE, start, period.end, len(requests), values), whole


def _value(alert: AlertDefinition, requests: list[LoggedRequest]) -> tuple[int, float]:
    of = [request for request in requests if not (alert.without_batches and request.is_batch)]
    if alert.kind is Kind.SHARE:
        failed = sum(request.status >= 500 for request in of)
        return len(of), 100 * failed / len(of) if of else 0.0
    measure = _MEASURES[alert.field]
    values = [value for request in of if (value := measure(request)) is not None]
    return len(values), float(np.mean(values)) if values else 0.0
