"""A figure's small multiple: two bars a bin, as texts that SVG takes, and the same as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from monitoring.drift.bins import Bin
from monitoring.drift.figure import Figure
from monitoring.drift.wording import bin_label, label_of, share, value
from monitoring.page.charts.shapes import Box, percent
from predictions.page.presentation import in_percent

# The greatest share of a chart's axis is one of them.
_TOPS: Final = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
# Of a bin's place: left free on either side, and between its two bars.
_GAP: Final = 0.12
# Bars of two categories would else be slabs.
_LEAST_PLACES: Final = 5


@dataclass(frozen=True, slots=True)
class TableRow:
    """Texts: a bin, and the shares in it."""

    values: str
    current: str
    reference: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``top``: the label of the axis' upper end. ``ticks``: labels from left to right.

    ``summary`` says in a sentence what the chart shows. ``is_category``: one tick for each bin.
    """

    title: str
    summary: str
    top: str
    bars: Sequence[Box]
    ticks: Sequence[str]
    rows: Sequence[TableRow]
    is_category: bool


def chart_of(figure: Figure) -> Chart:
    shares = [each for item in figure.bins for each in (item.current or 0, item.reference)]
    top = next(step for step in _TOPS if step >= min(max(shares, default=0), 1.0) - 1e-9)
    is_category = all(each.low == each.high for each in figure.bins)
    return Chart(
        title=_("%(label)s: now and in training") % {"label": label_of(figure.name)},
        summary=_summary(figure, is_category),
        top=in_percent(top),
        bars=list(_bars(figure.bins, top)),
        ticks=_ticks(figure, is_category),
        rows=[
            TableRow(bin_label(figure.name, each), share(each.current), share(each.reference))
            for each in figure.bins
        ],
        is_category=is_category,
    )


def _bars(bins: Sequence[Bin], top: float) -> Iterator[Box]:
    """The reference on the left, the current on its right."""
    # Bins stand in the middle of at least so many places.
    places = max(len(bins), _LEAST_PLACES) if len(bins) > 2 else len(bins)
    first = (places - len(bins)) / 2
    width = (1 - 2 * _GAP) / 2
    if len(bins) <= 2:
        width /= 2
    for at, each in enumerate(bins):
        middle = first + at + 0.5
        pairs = (("reference", middle - width, each.reference), ("current", middle, each.current))
        for tone, left, height in pairs:
            if height:
                tall = height / top
                yield Box(
                    percent(left / places),
                    percent(1 - tall),
                    percent(width / places),
                    percent(tall),
                    tone,
                )


def _ticks(figure: Figure, is_category: bool) -> list[str]:
    labels = [bin_label(figure.name, each) for each in figure.bins]
    if is_category:
        return labels
    middle = figure.bins[len(figure.bins) // 2].low
    return [labels[0], value(figure.name, middle), labels[-1]] if len(labels) > 2 else labels


def _summary(figure: Figure, is_category: bool) -> str:
    if is_category and figure.bins[-1].current is not None:
        last = figure.bins[-1]
        return _("%(word)s: %(now)s now, %(then)s in training") % {
            "word": bin_label(figure.name, last),
            "now": share(last.current),
            "then": share(last.reference),
        }
    if figure.median is not None:
        now, then = figure.median
        return _("Median: %(now)s now, %(then)s in training") % {
            "now": value(figure.name, now),
            "then": value(figure.name, then),
        }
    return _("Nothing known now")
