"""The section ``growth`` of ``docs/performance.md``: measured, in words, drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.document import PERFORMANCE, as_typed, environment_line, put_section
from benchmarks.growth import backlog, rates, report, window
from benchmarks.growth.backlog import BacklogStep
from benchmarks.growth.plots import plot_backlog, plot_rates, plot_window
from benchmarks.growth.rates import Step
from benchmarks.growth.staff import staff_token
from benchmarks.growth.window import WindowStep
from benchmarks.world import World
from tools.elasticsearch import node


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds``: of each rate. ``requests``: of each kind at each size.

    ``slice_of`` and ``warm_up``: how many entries the pipeline takes.
    """

    rates: Sequence[int]
    seconds: float
    windows: Sequence[int]
    backlogs: Sequence[int]
    slice_of: int
    warm_up: int
    requests: int


@dataclass(frozen=True, slots=True)
class Found:
    rates: Mapping[str, Sequence[Step]]
    window: Sequence[WindowStep]
    backlog: Sequence[BacklogStep]


FULL: Final = Plan(rates.RATES, 3.0, window.SIZES, backlog.SIZES, 20_000, 40_000, 500)
# It shows that everything works, and measures nothing.
QUICK: Final = Plan((50,), 0.5, (10,), (0, 5000), 4000, 0, 5)


def measure(world: World, plan: Plan, rounds: int) -> Found:
    with world.web() as port:
        of_rates = rates.measure(world, port, plan.rates, plan.seconds, rounds)
        of_backlog = backlog.measure(
            world,
            port,
            plan.backlogs,
            slice_of=plan.slice_of,
            warm_up=plan.warm_up,
            most=plan.requests,
        )
    return Found(
        of_rates,
        window.measure(world, plan.windows, staff_token(), plan.requests),
        of_backlog,
    )


def write(found: Found, page: Path = PERFORMANCE) -> None:
    """Into the page, and the plots into ``docs/images``."""
    plots = plot_rates(found.rates), plot_window(found.window), plot_backlog(found.backlog)
    put_section("growth", text(found, plots), page)


def text(found: Found, plots: Sequence[str] = ("", "", "")) -> str:
    of_rates, of_window, of_backlog = plots
    return f"""\
`{as_typed("bench-growth")}`. {environment_line()}

### Requests a second

Requests arrive at random (Poisson) at a given mean rate, whether the answers before have come or
not; latency counts from the moment a request was due, so that waiting is part of it. One worker
each; heartrisk with everything on, each request's entry found in Redis afterwards. A rate is
saturated where less than 98 % of what arrived was answered while it lasted and 50 ms later.

{of_rates}

{report.of_rates(found.rates)}

{report.about_rates(found.rates)}

### The window of latest transactions

`REDIS_LOGS_MAX_SIZE` entries, all there. Medians in ms of one client that asks one after the
other; what `/monitoring/` reads where Elasticsearch is away is timed without the page around it.

{of_window}

{report.of_window(found.window)}

{report.about_growth(found.window)}

### The stream's backlog

As if the pipeline had been away: so many entries wait in the stream. Then it comes back, and its
rate is that of `run_log_pipeline --continuous` into the real Elasticsearch {node.VERSION}, up to
the acknowledgement.

{of_backlog}

{report.of_backlog(found.backlog)}

{report.about_growth(found.backlog)}
"""
