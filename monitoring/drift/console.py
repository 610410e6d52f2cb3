"""A drift report on a terminal."""

from typing import Final

from rich.console import Console
from rich.table import Table

from monitoring.drift.figure import Figure, figures_of
from monitoring.models import DriftReport
from monitoring.models.drift import Verdict

_WIDTH: Final = 100
_NOTHING: Final = "-"
_WORDS: Final = {
    Verdict.OK.value: "ok",
    Verdict.DRIFT.value: "DRIFT",
    Verdict.NOT_ENOUGH_DATA.value: "not enough data",
}
# The p-value after Benjamini and Hochberg; what was missing in training beside what is now.
_RIGHT: Final = ("known", "effect", "p", "PSI", "missing", "trained")


def as_table(report: DriftReport) -> str:
    """In English, without colours: what it is about, then one line for each figure."""
    table = Table(title=_title(report), title_justify="left")
    for name in ("what", "verdict"):
        table.add_column(name, no_wrap=True)
    for name in _RIGHT:
        table.add_column(name, justify="right", no_wrap=True)
    for figure in figures_of(report):
        table.add_row(*_row(figure))
    console = Console(width=_WIDTH, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get().rstrip()


def _title(report: DriftReport) -> str:
    about = (
        f"{_WORDS[report.verdict]}: {report.rows:,} of {report.total:,} predictions from "
        f"{report.window_start:%Y-%m-%d %H:%M} to {report.window_end:%Y-%m-%d %H:%M} UTC "
        f"({report.source}) beside the training data of model {report.model_version}"
    )
    left_out = f"; {report.other_model:,} of another model left out" if report.other_model else ""
    return about + left_out


def _row(figure: Figure) -> tuple[str, ...]:
    missing, reference = figure.share_missing
    verdict = _WORDS[figure.verdict]
    if figure.drifts_in == ("missing",):
        verdict += " (missing)"
    return (
        figure.name,
        verdict,
        f"{figure.rows:,}",
        _number(figure.effect),
        _number(figure.adjusted_p_value),
        _number(figure.psi),
        f"{missing:.1%}",
        f"{reference:.1%}",
    )


def _number(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.3f}"
