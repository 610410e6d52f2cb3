"""A drift report as the page and the HTML report show it: worded, in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.drift.chart import Chart, chart_of
from monitoring.drift.figure import Figure, Group, figures_of
from monitoring.drift.wording import label_of, p_value, rounded, share
from monitoring.models import DriftReport
from monitoring.models.drift import Verdict
from monitoring.page.formats import source_name, stamp, whole
from predictions.features import BY_NAME, Text
from predictions.risk.derived import DERIVED

_TONES: Final = {Verdict.OK: "good", Verdict.DRIFT: "danger", Verdict.NOT_ENOUGH_DATA: "unknown"}
_TITLES: Final[dict[str, Text]] = {
    Group.INPUT: gettext_lazy("Inputs"),
    Group.PROBABILITY: gettext_lazy("What the model answers"),
    Group.FEATURE: gettext_lazy("Features made of several inputs"),
}
# Kolmogorov and Smirnov's test, chi-squared, Fisher's exact test.
_TESTS: Final[dict[str, Text]] = {
    "ks": gettext_lazy("p (KS, adjusted)"),
    "chi2": gettext_lazy("p (χ², adjusted)"),
    "fisher": gettext_lazy("p (Fisher, adjusted)"),
}
_FORMULAS: Final = {derived.name: derived.formula for derived in DERIVED}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line below a chart. ``alarming``: it is what the verdict rests on."""

    name: str
    value: str
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class FigureView:
    """``id`` is the anchor; ``tone``: good, danger or unknown."""

    id: str
    label: str
    unit: str
    formula: str
    verdict: str
    tone: str
    chart: Chart
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A heading and its small multiples."""

    id: str
    title: str
    figures: Sequence[FigureView]


def drift_context(report: DriftReport) -> dict[str, Any]:
    """For ``monitoring/drift/figures.html``: headline, facts, and the charts in groups.

    ``alarms`` are the figures with drift, to be jumped to.
    """
    views = [(figure, _view(figure)) for figure in figures_of(report)]
    drifting = [(figure, view) for figure, view in views if figure.verdict == Verdict.DRIFT]
    groups = [
        GroupView(
            f"drift-{group}s" if group != Group.PROBABILITY else "drift-answers",
            str(title),
            [view for figure, view in views if figure.group == group],
        )
        for group, title in _TITLES.items()
    ]
    return {
        "tone": _TONES[Verdict(report.verdict)],
        "headline": _headline(report, [figure for figure, _its_view in drifting]),
        "facts": list(_facts(report)),
        "alarms": [view for _figure, view in drifting],
        "groups": [group for group in groups if group.figures],
    }


def _headline(report: DriftReport, drifting: Sequence[Figure]) -> str:
    if report.verdict == Verdict.NOT_ENOUGH_DATA:
        return _("Not enough predictions to compare.")
    if report.verdict == Verdict.OK:
        return _("The people look like those that the model learned from.")
    inputs = sum(figure.group == Group.INPUT for figure in drifting)
    if not inputs:
        return _("The probability drifts from the training data, though no input does.")
    text = ngettext(
        "%(count)s of %(all)s inputs drifts from the training data.",
        "%(count)s of %(all)s inputs drift from the training data.",
        inputs,
    )
    text %= {"count": whole(inputs), "all": whole(len(BY_NAME))}
    if any(figure.group == Group.PROBABILITY for figure in drifting):
        text += " " + _("So does the probability.")
    return text


def _facts(report: DriftReport) -> Iterator[Fact]:
    window = _("%(start)s to %(end)s UTC")
    ends = {"start": stamp(report.window_start), "end": stamp(report.window_end)}
    yield Fact(_("Window"), window % ends)
    compared = _("%(rows)s of %(total)s")
    yield Fact(
        _("Predictions compared"),
        compared % {"rows": whole(report.rows), "total": whole(report.total)},
    )
    if report.other_model:
        yield Fact(_("Of another model, left out"), whole(report.other_model))
    yield Fact(_("Model"), report.model_version)
    yield Fact(_("Measured in"), source_name(report.source))
    yield Fact(_("Made at"), _("%(time)s UTC") % {"time": stamp(report.created)})


def _view(figure: Figure) -> FigureView:
    verdict = Verdict(figure.verdict)
    feature = BY_NAME.get(figure.name)
    return FigureView(
        id=f"drift-{figure.name}",
        label=label_of(figure.name),
        unit=_(feature.unit) if feature and feature.unit else "",
        formula=_FORMULAS.get(figure.name, ""),
        verdict=str(verdict.label),
        tone=_TONES[verdict],
        chart=chart_of(figure),
        facts=list(_facts_of(figure)),
    )


def _facts_of(figure: Figure) -> Iterator[Fact]:
    drifts = "distribution" in figure.drifts_in
    if figure.test is not None and figure.effect is not None:
        effect = _("%(effect)s (matters from %(least)s)") % {
            "effect": rounded(figure.effect),
            "least": rounded(figure.least_effect),
        }
        # The two letters are the statistics' names in every language.
        yield Fact("D" if figure.test == "ks" else "w", effect, drifts)
        yield Fact(str(_TESTS[figure.test]), p_value(figure.adjusted_p_value), drifts)
        yield Fact(_("PSI"), rounded(figure.psi))
    yield Fact(_("Known"), whole(figure.rows))
    if any(figure.share_missing):
        yield from _missing(figure)
    if figure.share_out_of_range:
        yield Fact(_("Outside the training range"), share(figure.share_out_of_range))


def _missing(figure: Figure) -> Iterator[Fact]:
    current, reference = figure.share_missing
    text = _("%(now)s, in training %(then)s")
    shares = {"now": share(current), "then": share(reference)}
    drifts = "missing" in figure.drifts_in
    yield Fact(_("Not known"), text % shares, drifts)
    if drifts:
        yield Fact(_("p (not known, adjusted)"), p_value(figure.adjusted_missing_p_value), drifts)
