"""The plot of `make bench`: two ratios to bare FastAPI, with the spread over the rounds."""

from operator import attrgetter
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.contenders import BARE, BY_KEY, EVERYTHING
from benchmarks.results import Ran, Results, Spread, ratio
from benchmarks.targets import P50_AT_MOST, RATE_AT_LEAST

# Okabe and Ito's blue and orange, told apart by everybody, and a grey for the rest.
_OURS, _ASKED, _OTHERS = "#0072b2", "#d55e00", "#8a8a8a"
_SIZE_INCHES: Final = (9.0, 3.0)
# A bar that is longer is cut: beside the prototype's the others could not be told apart.
_WIDEST: Final = 3.0


def figure(results: Results) -> Figure:
    """Of the services with one worker."""
    drawn = Figure(figsize=_SIZE_INCHES, layout="constrained")
    left, right = drawn.subplots(1, 2, sharey=True)
    shown = [ran for ran in results if ran.workers == 1]
    _panel(left, results, shown, "p50_ms")
    _asked(left, P50_AT_MOST, "asked: at most")
    left.set_xlabel("p50 with one client\nto bare FastAPI (less is better)")
    _panel(right, results, shown, "rate")
    _asked(right, RATE_AT_LEAST, "asked: at least")
    right.set_xlabel("requests/s with 32 clients\nto bare FastAPI (more is better)")
    drawn.suptitle("One prediction, one worker each: median, least and most of the rounds")
    return drawn


def _panel(axes: Axes, results: Results, shown: list[Ran], name: str) -> None:
    spreads = [ratio(results, ran, Ran(BARE.key, 1), attrgetter(name)) for ran in shown]
    medians = [spread.median for spread in spreads]
    axes.barh(
        [BY_KEY[ran.key].name for ran in shown],
        medians,
        color=[_OURS if ran.key == EVERYTHING.key else _OTHERS for ran in shown],
        xerr=_whiskers(spreads),
        capsize=3,
    )
    widest = min(_WIDEST, max(spread.most for spread in spreads) * 1.15)
    for height, spread in enumerate(spreads):
        _label(axes, spread, height, widest)
    axes.set_xlim(0, widest)
    if not axes.yaxis_inverted():
        axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)


def _label(axes: Axes, spread: Spread, height: int, widest: float) -> None:
    """The median behind the whisker, or within a bar that is cut off."""
    cut = spread.most > widest
    axes.annotate(
        f"{spread.median:.2f} \N{RIGHTWARDS ARROW}" if cut else f"{spread.median:.2f}",
        (widest if cut else spread.most, height),
        xytext=(-5 if cut else 5, 0),
        textcoords="offset points",
        ha="right" if cut else "left",
        va="center",
        color="white" if cut else "black",
        weight="bold" if cut else "normal",
    )


def _whiskers(spreads: list[Spread]) -> list[list[float]]:
    """What ``barh`` wants: the distances from the bar's end, down and up."""
    down = [spread.median - spread.least for spread in spreads]
    return [down, [spread.most - spread.median for spread in spreads]]


def _asked(axes: Axes, bound: float, what: str) -> None:
    axes.axvline(bound, color=_ASKED, linestyle="--", linewidth=1)
    axes.annotate(
        f"{what} {bound:g}",
        (bound, 1),
        xycoords=("data", "axes fraction"),
        xytext=(3, 2),
        textcoords="offset points",
        color=_ASKED,
        fontsize="small",
    )
