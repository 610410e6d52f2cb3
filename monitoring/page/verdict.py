"""The two answers at the top: is the service well, do its people look like the trained ones?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.alerts.definitions import BY_NAME
from monitoring.models import Alert, DriftReport, Severity, State, Verdict
from monitoring.page.formats import clock, whole
from monitoring.page.status import Card, Tone, worst

# A report is made every hour.
_REPORTS_STAY: Final = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """``reasons``: what keeps it from being good."""

    question: str
    answer: str
    tone: Tone
    reasons: Sequence[str] = ()


def of_service(alerts: Sequence[Alert], parts: Sequence[Card], numbers: Sequence[Card]) -> Answer:
    """From the alerts that fire and from what is away or waits now."""
    # Drift is not the service's fault: it is the other answer.
    firing = [each for each in alerts if each.state == State.FIRING and each.name != "drift"]
    tones = [Tone.DANGER if each.severity == Severity.CRITICAL else Tone.CAUTION for each in firing]
    tone = worst([*tones, *(card.tone for card in (*parts, *numbers))])
    # The sentence names the part.
    reasons = [card.sentence for card in parts if card.tone in (Tone.DANGER, Tone.CAUTION)]
    reasons += [
        _("%(title)s: %(value)s %(sentence)s")
        % {"title": card.title, "value": card.value, "sentence": card.sentence}
        for card in numbers
        if card.tone in (Tone.DANGER, Tone.CAUTION)
    ]
    if firing:
        names = ", ".join(each.label for each in firing)
        reasons.insert(0, alerts_in_words(len(firing)) + f" {names}")
    answers = {
        Tone.GOOD: _("Yes: everything works."),
        Tone.CAUTION: _("Mostly: something needs a look."),
        Tone.DANGER: _("No: something is wrong."),
    }
    return Answer(_("Is the service well?"), answers[tone], tone, reasons)


def alerts_in_words(count: int) -> str:
    words = ngettext("%(count)s alert is firing:", "%(count)s alerts are firing:", count)
    return words % {"count": whole(count)}


def of_people(report: DriftReport | None, now: datetime) -> Answer:
    """From the latest comparison with the training data."""
    question = _("Do the people it scores look like those it learned from?")
    if report is None:
        return Answer(question, _("Not known: they were not compared yet."), Tone.UNKNOWN)
    when = _("Compared at %(when)s UTC, %(rows)s predictions.") % {
        "when": clock(report.created, now),
        "rows": whole(report.rows),
    }
    if now - report.created > timedelta(hours=_REPORTS_STAY * settings.DRIFT_WINDOW_HOURS):
        return Answer(question, _("Not known: the last look is too old."), Tone.UNKNOWN, [when])
    if report.verdict == Verdict.NOT_ENOUGH_DATA:
        text = _("Not known: too few predictions to compare.")
        return Answer(question, text, Tone.UNKNOWN, [when])
    if report.verdict == Verdict.OK:
        return Answer(question, _("Yes: no drift was found."), Tone.GOOD, [when])
    text = ngettext(
        "No: %(count)s distribution drifts.", "No: %(count)s distributions drift.", report.drifting
    ) % {"count": whole(report.drifting)}
    critical = report.drifting >= BY_NAME["drift"].critical
    return Answer(question, text, Tone.DANGER if critical else Tone.CAUTION, [when])
