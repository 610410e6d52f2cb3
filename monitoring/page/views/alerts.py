"""``/monitoring/alerts``: what is wrong now, and what was."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.alerts.definitions import ALERTS
from monitoring.alerts.evaluate import open_alerts, recent_alerts
from monitoring.page.access import staff_only
from monitoring.page.alert_rows import definition_rows, rows_of

_RECENT: Final = 50


@require_safe
@staff_only
def alerts(request: HttpRequest) -> HttpResponse:
    open_ones = open_alerts()
    shown_above = {each.pk for each in open_ones}
    recent = [each for each in recent_alerts(_RECENT) if each.pk not in shown_above]
    context = {
        "tab": "alerts",
        "open": rows_of(open_ones),
        "recent": rows_of(recent),
        "definitions": definition_rows(ALERTS),
    }
    return render(request, "monitoring/alerts.html", context)
