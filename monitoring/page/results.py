"""The rows of a search's answer, as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from monitoring.page.formats import NOTHING, milliseconds, source_name, stamp, whole
from monitoring.page.search_form import LAST_PAGE, PAGE_SIZE
from monitoring.page.status import Tone
from monitoring.sources.transactions import Found
from predictions.page.presentation import in_percent

_GREATEST: Final = 1e15


@dataclass(frozen=True, slots=True)
class Row:
    """``tone`` of its status."""

    id: str
    time: str
    path: str
    status: str
    tone: Tone
    result: str
    latency: str


@dataclass(frozen=True, slots=True)
class Results:
    """``earlier`` and ``later`` are addresses of the pages beside this one; "" where none is."""

    source: str
    total: str
    rows: Sequence[Row]
    page: int
    pages: int
    newer: str
    older: str


def results_of(found: Found, page: int, address: str) -> Results:
    """``address``: the search itself, without the page."""
    pages = min(-(-found.total // PAGE_SIZE), LAST_PAGE) or 1
    return Results(
        source=source_name(found.source),
        total=whole(found.total),
        rows=[row_of(entry) for entry in found.rows],
        page=page,
        pages=pages,
        newer=f"?{address}&page={page - 1}" if 1 < page <= pages + 1 else "",
        older=f"?{address}&page={page + 1}" if page < pages else "",
    )


def row_of(entry: Mapping[str, Any]) -> Row:
    """Of any entry: what it has not, or has in another shape, is left out."""
    data = part(entry, "data")
    status = data.get("status")
    return Row(
        id=str(data.get("transaction_id") or ""),
        time=time_of(entry),
        path=str(data.get("path") or NOTHING),
        status=str(status or NOTHING),
        tone=tone_of(status),
        result=result_in_words(part(data, "result")),
        latency=milliseconds(number(part(data, "performance_metrics").get("latency_ms"))),
    )


def tone_of(status: object) -> Tone:
    if not isinstance(status, int):
        return Tone.UNKNOWN
    if status >= 500:
        return Tone.DANGER
    return Tone.CAUTION if status >= 400 else Tone.GOOD


def result_in_words(result: Mapping[str, Any]) -> str:
    """YES 23.4%; of a batch its rows."""
    if "rows" in result:
        return _("%(rows)s rows, %(errors)s refused") % {
            "rows": whole(number(result["rows"])),
            "errors": whole(number(result.get("errors"))),
        }
    probability = number(result.get("probability"))
    if probability is None:
        return str(result.get("result") or NOTHING)
    return f"{result.get('result', '')} {in_percent(probability, decimals=1)}".strip()


def time_of(entry: Mapping[str, Any]) -> str:
    """To the second, UTC; as it stands where it is no time."""
    text = str(entry.get("timestamp") or NOTHING)
    try:
        return stamp(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return text


def part(whole_thing: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object within an object, empty where there is none."""
    found = whole_thing.get(name)
    return found if isinstance(found, dict) else {}


def number(value: object) -> float | None:
    """None for what is no number, or one that nobody could write."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _GREATEST else None
