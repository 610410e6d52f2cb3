"""``/monitoring/``: how the service is, and its charts; for htmx only what changes."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from monitoring.alerts.evaluate import open_alerts
from monitoring.models import DriftReport
from monitoring.overview import Overview
from monitoring.page.access import staff_only
from monitoring.page.clock import utc_now
from monitoring.page.figures import cost, people, traffic
from monitoring.page.figures.tiles import tiles
from monitoring.page.htmx import HTMX_CONFIG
from monitoring.page.reading import read
from monitoring.page.status import number_cards, part_cards
from monitoring.page.time_range import PRESETS, RangeForm
from monitoring.page.verdict import of_people, of_service
from monitoring.sources.state import SystemState, system_state

DEFAULT_RANGE = "1h"


@require_safe
@staff_only
def overview(request: HttpRequest) -> HttpResponse:
    """422 where the address asks for a time that there is not: the default one is shown."""
    now = utc_now()
    form = RangeForm(request.GET, now, DEFAULT_RANGE)
    shown = form.time_range()
    refresh = 0 if shown.preset is None else shown.preset.refresh
    paused = request.GET.get("live") == "off"
    state = system_state(now)
    reading = read(shown.period, state)
    context = {
        "tab": "overview",
        "htmx_config": HTMX_CONFIG,
        "form": form,
        "presets": PRESETS,
        "shown": shown,
        "refresh": 0 if paused else refresh,
        "may_refresh": bool(refresh),
        "nothing_profiled": _("No request of this period was profiled."),
        "reading": reading,
        "charts": reading.overview and _charts(reading.overview, now),
        **_status(state, now),
    }
    is_partial = request.headers.get("HX-Request") == "true"
    template = "monitoring/refreshed.html" if is_partial else "monitoring/overview.html"
    response = render(request, template, context, status=200 if form.is_valid() else 422)
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def _status(state: SystemState, now: datetime) -> dict[str, object]:
    parts, numbers = part_cards(state), number_cards(state)
    alerts = open_alerts()
    report = DriftReport.objects.defer("figures").first()
    return {
        "state": state,
        "parts": parts,
        "numbers": numbers,
        "answers": [of_service(alerts, parts, numbers), of_people(report, now)],
        "alerts": alerts,
    }


def _charts(overview: Overview, now: datetime) -> dict[str, object]:
    return {
        "tiles": tiles(overview, now),
        "predictions": traffic.predictions(overview),
        "answers": people.answers(overview),
        "probabilities": people.probabilities(overview),
        "latency": cost.latency(overview),
        "errors": traffic.errors(overview),
        "cpu": cost.cpu(overview),
        "inference": cost.inference(overview),
        "memory": cost.memory(overview),
        "week": traffic.week(overview),
        "functions": cost.functions(overview),
    }
