"""How much was asked, when, and how much of it failed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.overview import Overview
from monitoring.page.charts.marks import Series
from monitoring.page.charts.shapes import Box, Chart, Table, Tick, percent
from monitoring.page.figures.over_time import bars
from monitoring.page.formats import duration, whole
from monitoring.period import Period

_HOURS: Final = 24
_DAYS: Final = 7
# Of 5: how dark a cell of the heat map is.
SHADES: Final = 5
# Any Monday.
_MONDAY: Final = datetime(2026, 11, 23)


def predictions(overview: Overview) -> Chart:
    values = [one.predictions for one in overview.slices]
    greatest = whole(max(values))
    title = _("Predictions every %(span)s") % {"span": bucket_in_words(overview.period)}
    layers = [Series("one", _("predictions"), values)]
    return replace(
        bars("predictions", title, overview, layers, whole),
        summary=_("%(total)s predictions in all, at most %(greatest)s in one bar.")
        % {"total": whole(overview.predictions), "greatest": greatest},
        empty="" if overview.predictions else _("No predictions in this period."),
    )


def errors(overview: Overview) -> Chart:
    """Refused requests, which are the client's fault, and those that the server failed."""
    refused = [one.client_errors for one in overview.slices]
    failed = [one.server_errors for one in overview.slices]
    layers = [
        Series("two", _("refused (4xx)"), refused),
        Series("three", _("failed (5xx)"), failed),
    ]
    return replace(
        bars("errors", _("Requests without an answer"), overview, layers, whole),
        summary=_("%(refused)s refused (4xx), %(failed)s failed (5xx) of %(requests)s requests.")
        % {
            "refused": whole(overview.client_errors),
            "failed": whole(overview.server_errors),
            "requests": whole(overview.requests),
        },
        empty=_empty_of_errors(overview),
    )


def _empty_of_errors(overview: Overview) -> str:
    if overview.client_errors or overview.server_errors:
        return ""
    if not overview.requests:
        return _("No requests in this period.")
    return ngettext(
        "None: the one request was answered.",
        "None: all %(requests)s requests were answered.",
        overview.requests,
    ) % {"requests": whole(overview.requests)}


def week(overview: Overview) -> Chart:
    """The heat map of predictions: a row a weekday, a column an hour, UTC."""
    greatest = max(max(row) for row in overview.heat)
    busiest = next(
        (day, hour)
        for day in range(_DAYS)
        for hour in range(_HOURS)
        if overview.heat[day][hour] == greatest
    )
    return Chart(
        name="week",
        title=_("Predictions by weekday and hour (UTC)"),
        boxes=[
            _cell(day, hour, overview.heat[day][hour], greatest)
            for day in range(_DAYS)
            for hour in range(_HOURS)
        ],
        x_ticks=[
            Tick(percent((hour + 0.5) / _HOURS), f"{hour:02d}", minor=hour % 6 != 0)
            for hour in range(0, _HOURS, 3)
        ],
        y_ticks=[Tick(percent((day + 0.5) / _DAYS), weekday(day)) for day in range(_DAYS)],
        summary=_("Most on %(day)s from %(hour)s:00: %(count)s predictions.")
        % {"day": weekday(busiest[0]), "hour": f"{busiest[1]:02d}", "count": whole(greatest)},
        scale=whole(greatest),
        table=_hours_table(overview.heat),
        empty="" if greatest else _("No predictions in this period."),
    )


def _cell(day: int, hour: int, count: int, greatest: int) -> Box:
    shade = -(-SHADES * count // greatest) if greatest else 0
    words = ngettext("%(count)s prediction", "%(count)s predictions", count)
    return Box(
        percent(hour / _HOURS),
        percent(day / _DAYS),
        percent(1 / _HOURS),
        percent(1 / _DAYS),
        f"shade-{shade}",
        f"{weekday(day)} {hour:02d}:00\n" + words % {"count": whole(count)},
    )


def _hours_table(heat: Sequence[Sequence[int]]) -> Table:
    return Table(
        head=[_("Hour"), *(weekday(day) for day in range(_DAYS))],
        rows=[
            [f"{hour:02d}:00", *(whole(heat[day][hour]) for day in range(_DAYS))]
            for hour in range(_HOURS)
            if any(heat[day][hour] for day in range(_DAYS))
        ],
    )


def weekday(day: int) -> str:
    """Monday is 0; short, in the reader's language."""
    return date_format(_MONDAY + timedelta(days=day), "D")


def bucket_in_words(period: Period) -> str:
    """5 min; 1 h; a day."""
    seconds = period.bucket.total_seconds()
    if seconds == 60:
        return _("minute")
    if seconds == 3600:
        return _("hour")
    if seconds == 86_400:
        return _("day")
    if seconds == 7 * 86_400:
        return _("week")
    return duration(seconds)
