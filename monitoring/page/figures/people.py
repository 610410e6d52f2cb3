"""What the model answered."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.overview import PROBABILITY_BARS, Overview
from monitoring.page.charts.marks import Series, stacked_bars
from monitoring.page.charts.scale import Axis
from monitoring.page.charts.shapes import Box, Chart, Key, Rule, Table, Tick, percent
from monitoring.page.formats import compact, share, whole
from predictions.page.presentation import in_percent
from predictions.risk.predictor import ModelError, get_predictor

_LABELLED: Final = (0, 0.25, 0.5, 0.75, 1)


def answers(overview: Overview) -> Chart:
    """YES and NO, as they are on the wire, as one bar in two parts."""
    total = overview.yes + overview.no
    yes = overview.yes / total if total else 0
    counts = [("two", "YES", overview.yes), ("one", "NO", overview.no)]
    return Chart(
        name="answers",
        title=_("YES and NO"),
        boxes=[
            Box("0%", "0%", percent(yes), "100%", "two"),
            Box(percent(yes), "0%", percent(1 - yes), "100%", "one"),
        ],
        keys=[
            Key(tone, label, f"{share(count, total)} · {whole(count)}")
            for tone, label, count in counts
        ],
        summary=_("%(yes)s YES, %(no)s NO.")
        % {"yes": whole(overview.yes), "no": whole(overview.no)},
        table=Table(
            head=[_("Answer"), _("Predictions"), _("Share")],
            rows=[[label, whole(count), share(count, total)] for _tone, label, count in counts],
        ),
        note=_note_of_threshold(),
        empty="" if total else _("No predictions in this period."),
    )


def probabilities(overview: Overview) -> Chart:
    """Their histogram, with the threshold from which the answer is YES."""
    counts = overview.probabilities
    total = sum(counts)
    axis = Axis.reaching(max(counts), whole=True)
    threshold = threshold_of_model()
    ranges = [
        f"{in_percent(place / PROBABILITY_BARS)}–{in_percent((place + 1) / PROBABILITY_BARS)}"
        for place in range(PROBABILITY_BARS)
    ]
    return Chart(
        name="probabilities",
        title=_("Probability of disease"),
        boxes=stacked_bars(axis, [Series("one", "", [float(count) for count in counts])]),
        columns=_columns(ranges, counts),
        rules=[] if threshold is None else [Rule(_("YES from here"), x=percent(threshold))],
        x_ticks=[Tick(percent(value), in_percent(value)) for value in _LABELLED],
        y_ticks=axis.ticks(compact),
        summary=_("The most common probability is %(range)s.")
        % {"range": ranges[max(range(len(counts)), key=lambda place: counts[place])]},
        table=Table(
            head=[_("Probability"), _("Predictions"), _("Share")],
            rows=[
                [label, whole(count), share(count, total)]
                for label, count in zip(ranges, counts, strict=True)
                if count
            ],
        ),
        empty="" if total else _("No predictions in this period."),
    )


def threshold_of_model() -> float | None:
    """None where no model can be used: the charts of the log do not need one."""
    try:
        return get_predictor().manifest.threshold
    except ModelError:
        return None


def _note_of_threshold() -> str:
    threshold = threshold_of_model()
    if threshold is None:
        return ""
    return _("The answer is YES from a probability of %(threshold)s on.") % {
        "threshold": in_percent(threshold)
    }


def _columns(ranges: Sequence[str], counts: Sequence[int]) -> Sequence[Box]:
    width = percent(1 / PROBABILITY_BARS)
    columns = []
    for place, (label, count) in enumerate(zip(ranges, counts, strict=True)):
        words = ngettext("%(count)s prediction", "%(count)s predictions", count)
        title = f"{label}\n" + words % {"count": whole(count)}
        columns.append(Box(percent(place / PROBABILITY_BARS), "0%", width, "100%", "column", title))
    return columns
