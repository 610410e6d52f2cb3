"""One evaluator's rounds: read, evaluate, tell, copy, and once an hour a drift report."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from monitoring.alerts.evaluate import evaluate
from monitoring.alerts.measure import read_all
from monitoring.alerts.reading import Reading
from monitoring.alerts.tell import tell
from monitoring.models import AlertEvent, DriftReport
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from predictions.log.guard import LoggedFailure

_DRIFT_EVERY: Final = timedelta(hours=1)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What one round found, and the events of it."""

    readings: Mapping[str, Reading]
    events: list[AlertEvent]


class Evaluator:
    """All state that matters is in the database; here is only what the log was told already."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval
        self._notices = Notices()

    def round(self, now: datetime, *, with_drift: bool = True) -> Look | None:
        """None where the alerts could not be evaluated. Never raises an ``Exception``.

        What fails is one line in the log, and keeps nothing of the rest from being done.
        """
        look = None
        with LoggedFailure(logger, "The alerts could not be evaluated"):
            look = self._evaluate(now)
        with LoggedFailure(logger, "Nobody could be told of the alerts"):
            tell(now)
        with LoggedFailure(logger, "The alerts could not be copied to Elasticsearch"):
            self._copy(now)
        if with_drift:
            with LoggedFailure(logger, "No drift report could be made"):
                self._report_drift(now)
        return look

    def _evaluate(self, now: datetime) -> Look:
        readings = read_all(now)
        self._notices.say("judging alerts", not_judged(readings))
        return Look(readings, evaluate(now, readings, self._interval))

    def _copy(self, now: datetime) -> None:
        if not settings.ES_URL:
            return
        # Here, so that a site without it need not load the client.
        from monitoring.alerts.copies import NotCopiedError, copy

        try:
            copy(now)
        except NotCopiedError as error:
            self._notices.say("copying alerts", f"Alerts are not copied now: {error}")
        else:
            self._notices.say("copying alerts", "")

    def _report_drift(self, now: datetime) -> None:
        if DriftReport.objects.filter(created__gt=now - _DRIFT_EVERY, created__lte=now).exists():
            return
        # Here, because scipy takes a second to load.
        from monitoring.drift.report import make_report

        try:
            make_report(Period.last(timedelta(hours=settings.DRIFT_WINDOW_HOURS), now), now)
        except SourceAwayError as error:
            self._notices.say("drift reports", f"No drift report can be made now: {error.sentence}")
        else:
            self._notices.say("drift reports", "")


class Notices:
    """Says a trouble once, not every round, and when it is over."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def say(self, about: str, sentence: str) -> None:
        """Of no trouble an empty sentence."""
        if sentence == self._said.get(about, ""):
            return
        self._said[about] = sentence
        if sentence:
            logger.warning("%s", sentence)
        else:
            logger.info("The trouble with %s is over.", about)


def not_judged(readings: Mapping[str, Reading]) -> str:
    """Which alerts nobody can judge now, because of what; empty where there are none."""
    names: dict[str, list[str]] = {}
    for name, reading in readings.items():
        if reading.value is None and reading.why:
            names.setdefault(reading.why, []).append(name)
    return " ".join(f"Not judged now: {', '.join(of)}. {why}" for why, of in names.items())
