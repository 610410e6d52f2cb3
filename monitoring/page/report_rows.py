"""Drift reports as text."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.models import DriftReport, Verdict
from monitoring.page.formats import stamp, whole
from monitoring.page.status import Tone

_TONES = {
    Verdict.OK: Tone.GOOD,
    Verdict.DRIFT: Tone.CAUTION,
    Verdict.NOT_ENOUGH_DATA: Tone.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    number: int
    created: str
    start: str
    end: str
    rows: str
    source: str
    model: str
    verdict: str
    tone: Tone
    drifting: str


def rows_of(reports: Sequence[DriftReport]) -> Sequence[ReportRow]:
    return [row_of(report) for report in reports]


def row_of(report: DriftReport) -> ReportRow:
    return ReportRow(
        number=report.pk,
        created=stamp(report.created),
        start=stamp(report.window_start),
        end=stamp(report.window_end),
        rows=whole(report.rows),
        source=report.source,
        model=report.model_version,
        verdict=report.get_verdict_display(),
        tone=_TONES.get(Verdict(report.verdict), Tone.UNKNOWN),
        drifting=whole(report.drifting),
    )
