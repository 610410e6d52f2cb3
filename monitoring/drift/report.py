"""Makes a drift report: reads a window of predictions, compares it, keeps what was found."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
from django.conf import settings

from monitoring.drift.figure import Figure, Group
from monitoring.drift.reference import Reference, get_reference
from monitoring.models import DriftReport
from monitoring.models.drift import Verdict
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from monitoring.sources.predictions import Sample, recent_predictions
from predictions.risk.manifest import ModelError

logger = logging.getLogger(__name__)

# In so many the least effect that matters is found for certain; more would only take longer.
MOST_ROWS: Final = 5000


def make_report(period: Period, now: datetime) -> DriftReport:
    """Compares the predictions of ``period``, saves the report, and copies what is not copied.

    Raises ``SourceAwayError`` where the predictions or the model's manifest cannot be read.
    """
    try:
        reference = get_reference()
    except ModelError as error:
        raise SourceAwayError(str(error)) from None
    report = report_of(reference, recent_predictions(period, MOST_ROWS), period, now)
    report.save()
    _copy(now, report)
    return report


def report_of(reference: Reference, sample: Sample, period: Period, now: datetime) -> DriftReport:
    """Not saved. Another model's predictions are left out: the reference is not theirs."""
    # Here, because pages import this module, and scipy takes a second to load.
    from monitoring.drift.compare import compare

    version = reference.manifest.model_version
    own = np.array([each == version for each in sample.model_version], dtype=np.bool_)
    figures = compare(reference, sample.inputs[own], sample.probability[own])
    return DriftReport(
        created=now,
        source=sample.source,
        window_start=period.start,
        window_end=period.end,
        total=sample.total,
        rows=int(own.sum()),
        other_model=int((~own).sum()),
        model_version=version,
        verdict=verdict_of(figures),
        drifting=sum(figure.verdict == Verdict.DRIFT for figure in _deciding(figures)),
        figures=[figure.as_json() for figure in figures],
    )


def verdict_of(figures: Sequence[Figure]) -> Verdict:
    """Drift where any does; without an answer where no figure has one."""
    found = {figure.verdict for figure in _deciding(figures)}
    for verdict in (Verdict.DRIFT, Verdict.OK):
        if verdict in found:
            return verdict
    return Verdict.NOT_ENOUGH_DATA


def _deciding(figures: Sequence[Figure]) -> list[Figure]:
    """Features follow from the inputs and are shown beside them."""
    return [figure for figure in figures if figure.group != Group.FEATURE]


def _copy(now: datetime, report: DriftReport) -> None:
    """A report that cannot be copied now goes with the next one."""
    if not settings.ES_URL:
        return
    # Here, so that a site without it need not load the client.
    from monitoring.drift.copies import NotCopiedError, copy

    try:
        copy(now)
    except NotCopiedError as error:
        logger.warning("Drift reports are not copied now: %s", error)
    report.refresh_from_db(fields=["copied"])
