"""The three figures of ``docs/performance.md``."""

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.document import save_plot
from benchmarks.growth.backlog import BacklogStep
from benchmarks.growth.rates import OURS, PERCENTILES, Step
from benchmarks.growth.window import WindowStep

_SIZE: Final = (7.0, 3.6)
_STYLES: Final = {50: "-", 95: "--", 99: ":"}
_COLOURS: Final = ("#1f77b4", "#ff7f0e")


def plot_rates(found: Mapping[str, Sequence[Step]]) -> str:
    """Latency against requests a second, both axes logarithmic."""
    figure, axes = _figure("Latency as requests a second grow (open loop, one worker each)")
    for colour, (name, steps) in zip(_COLOURS, found.items(), strict=True):
        for percentile in PERCENTILES:
            axes.plot(
                [step.rate for step in steps],
                [step.latency[percentile] for step in steps],
                _STYLES[percentile],
                color=colour,
                marker="." if name == OURS else "x",
                markersize=4,
                label=f"{name}, p{percentile}",
            )
    return _finished(figure, axes, "requests a second", "rates")


def plot_window(steps: Sequence[WindowStep]) -> str:
    return _of_steps("Medians as the window grows", "entries in the window", steps, "window")


def plot_backlog(steps: Sequence[BacklogStep]) -> str:
    title, what = "Medians as the stream's backlog grows", "entries that wait"
    return _of_steps(title, what, steps, "backlog")


def _of_steps(
    title: str, what: str, steps: Sequence[WindowStep] | Sequence[BacklogStep], name: str
) -> str:
    figure, axes = _figure(title)
    for each in steps[0].p50_ms:
        sizes, times = [step.size for step in steps], [step.p50_ms[each] for step in steps]
        axes.plot(sizes, times, marker=".", label=each)
    if steps[0].size == 0:
        # A logarithm has no place for none.
        axes.set_xscale("symlog", linthresh=steps[1].size)
    return _finished(figure, axes, what, name)


def _figure(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=_SIZE)
    figure.suptitle(title, fontsize=10)
    axes = figure.add_subplot()
    axes.set_xscale("log")
    axes.set_yscale("log")
    return figure, axes


def _finished(figure: Figure, axes: Axes, what: str, name: str) -> str:
    axes.set_xlabel(what)
    axes.set_ylabel("ms")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return save_plot(figure, f"performance-growth-{name}")
