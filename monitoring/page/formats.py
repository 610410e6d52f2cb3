"""Numbers, durations and times as the pages write them: short, with a unit, in UTC."""

from datetime import UTC, datetime
from typing import Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from predictions.page.presentation import in_percent

NOTHING: Final = "–"
_SOURCES: Final = {"elasticsearch": "Elasticsearch", "redis": "Redis"}


def source_name(source: str) -> str:
    """As people write it; another one as it stands."""
    return _SOURCES.get(source, source)


def whole(value: float | None) -> str:
    """12345 as "12,345"."""
    return NOTHING if value is None else number_format(round(value), 0, force_grouping=True)


def precise(value: float) -> str:
    """Three digits, or as many as stand before the point: 4.21, 42.1, 4,213."""
    if abs(value) >= 100:
        return whole(value)
    decimals = 2 if abs(value) < 10 else 1
    return number_format(f"{value:.{decimals}f}")


def compact(value: float) -> str:
    """For an axis: 0.5, 20, 1.5k, 2M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= size:
            return number_format(f"{value / (1e3 if letter == 'k' else size):.4g}") + letter
    return number_format(f"{value:.6g}")


def milliseconds(value: float | None) -> str:
    """Symbols of the SI are alike in every language."""
    if value is None:
        return NOTHING
    if value >= 10_000:
        return f"{precise(value / 1000)} s"
    return f"{precise(value)} ms"


def megabytes(value: float | None) -> str:
    return NOTHING if value is None else _("%(number)s MB") % {"number": precise(value)}


def duration(seconds: float | None) -> str:
    """In the largest unit that it is at least two of, so that it stays exact enough."""
    if seconds is None:
        return NOTHING
    if seconds < 120:
        return f"{whole(seconds)} s"
    if seconds < 7200:
        return f"{whole(seconds / 60)} min"
    if seconds < 2 * 86_400:
        return f"{whole(seconds / 3600)} h"
    days = round(seconds / 86_400)
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": whole(days)}


def share(part: float, all_of_them: float) -> str:
    """3 of 12 as "25.0%"."""
    return in_percent(part / all_of_them, decimals=1) if all_of_them else NOTHING


def day_and_month(moment: datetime) -> str:
    """As the reader's language writes it short: 25 Nov."""
    return date_format(moment.astimezone(UTC), "j M")


def stamp(moment: datetime) -> str:
    """2026-11-25 10:32:05, always UTC; the page says so once."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def clock(moment: datetime, now: datetime) -> str:
    """10:32, with the day where that is not today's."""
    moment = moment.astimezone(UTC)
    if moment.date() == now.astimezone(UTC).date():
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d %H:%M}"
