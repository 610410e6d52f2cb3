"""``/monitoring/drift``: the latest comparison with the training data, and a button for a new."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from monitoring.drift.presentation import drift_context
from monitoring.drift.report import make_report
from monitoring.models import DriftReport
from monitoring.page.access import staff_only
from monitoring.page.clock import utc_now
from monitoring.page.report_rows import row_of, rows_of
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from predictions.risk.manifest import ModelError

_EARLIER: Final = 20


@require_safe
@staff_only
def drift(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """The report with that number, or the latest."""
    # An earlier one's figures are some 100 kB: only those of the one that is shown are read.
    earlier = list(DriftReport.objects.defer("figures")[:_EARLIER])
    report = DriftReport.objects.filter(pk=number).first() if number else None
    if number and report is None:
        raise Http404
    if report is None and earlier:
        report = earlier[0]
    context = {
        "tab": "drift",
        "report": report and row_of(report),
        "reports": rows_of(earlier),
        "hours": settings.DRIFT_WINDOW_HOURS,
        **(drift_context(report) if report else {}),
    }
    return render(request, "monitoring/drift.html", context)


@require_POST
@staff_only
def compare(request: HttpRequest) -> HttpResponse:
    """Makes a report of the last DRIFT_WINDOW_HOURS and leads to it."""
    now = utc_now()
    period = Period.last(timedelta(hours=settings.DRIFT_WINDOW_HOURS), now)
    try:
        report = make_report(period, now)
    except (SourceAwayError, ModelError) as error:
        messages.error(request, _("Nothing was compared. %(why)s") % {"why": error})
        return redirect("monitoring_drift")
    return redirect("monitoring_drift_report", number=report.pk)
