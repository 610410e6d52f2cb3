"""The tables and the words of ``docs/performance.md``, from what was measured."""

from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.growth import backlog, window
from benchmarks.growth.backlog import BacklogStep
from benchmarks.growth.rates import PERCENTILES, Step
from benchmarks.growth.window import WindowStep

# Two medians of a run differ by as much, whatever they are of.
_FLAT: Final = 1.3


def of_rates(found: Mapping[str, Sequence[Step]]) -> str:
    """A row for each rate that both or one of them was asked at."""
    asked = sorted({step.rate for steps in found.values() for step in steps})
    by_rate = {name: {step.rate: step for step in steps} for name, steps in found.items()}
    head = "".join(f"| {name}: answered/s | p50 ms | p95 | p99 " for name in found)
    lines = [f"| requests/s {head}|", "|---" * (1 + 4 * len(found)) + "|"]
    for rate in asked:
        cells = "".join(_cells(steps.get(rate)) for steps in by_rate.values())
        lines.append(f"| {rate:,} {cells}|")
    return "\n".join(lines)


def _cells(step: Step | None) -> str:
    if step is None:
        return "| " * 4
    times = "".join(f"| {_ms(step.latency[each])} " for each in PERCENTILES)
    mark = " (saturated)" if step.saturated else ""
    return f"| {step.answered:,.0f}{mark} {times}"


def about_rates(found: Mapping[str, Sequence[Step]]) -> str:
    """What the client cost, and where each service ends."""
    steps = [step for each in found.values() for step in each]
    most = max(steps, key=lambda step: step.rate * step.client_ms)
    sentences = [_limit(name, each) for name, each in found.items()]
    sentences.append(
        f"The client is one Python process on the same cores: it took {most.client_ms:.2f} ms of "
        f"CPU time a request, {most.client_ms * most.answered / 10:.0f} % of a core at "
        f"{most.rate:,} requests a second, which both services lack. It was itself late by "
        f"{_ms(max(step.late_ms for step in steps))} ms at most (p99 of a step), which counts "
        "as the service's."
    )
    return " ".join(sentences)


def _limit(name: str, steps: Sequence[Step]) -> str:
    kept, last = [step for step in steps if not step.saturated], steps[-1]
    beyond = f"asked for {last.rate:,}, it answers {last.answered:,.0f}" if last.saturated else ""
    if not kept:
        return f"{name} keeps up with none of these rates: {beyond}."
    best = kept[-1]
    keeps_up = (
        f"{name} keeps up with {best.rate:,} requests a second (p50 {_ms(best.latency[50])} ms, "
        f"p99 {_ms(best.latency[99])} ms)"
    )
    return f"{keeps_up}; {beyond}." if beyond else f"{keeps_up}."


def of_window(steps: Sequence[WindowStep]) -> str:
    return _table("entries in the window", window.ASKED, [(s.size, s.p50_ms) for s in steps])


def of_backlog(steps: Sequence[BacklogStep]) -> str:
    table = _table("entries that wait", backlog.ASKED, [(s.size, s.p50_ms) for s in steps])
    head, line, *rows = table.splitlines()
    rates_of = [
        "-" if step.entries_a_second is None else f"{step.entries_a_second:,.0f}" for step in steps
    ]
    rows = [f"{row} {rate} |" for row, rate in zip(rows, rates_of, strict=True)]
    return "\n".join([f"{head} pipeline, entries/s |", f"{line}---|", *rows])


def _table(what: str, asked: Sequence[str], rows: Sequence[tuple[int, Mapping[str, float]]]) -> str:
    lines = [f"| {what} | " + " | ".join(asked) + " |", "|---" * (1 + len(asked)) + "|"]
    lines += [
        f"| {size:,} | " + " | ".join(_ms(times[each]) for each in asked) + " |"
        for size, times in rows
    ]
    return "\n".join(lines)


def about_growth(steps: Sequence[WindowStep] | Sequence[BacklogStep]) -> str:
    """Of each that was asked: from the smallest to the largest, and how it grows."""
    first, last = steps[0], steps[-1]
    return "\n".join(
        f"- {each}: {_ms(first.p50_ms[each])} ms with {first.size:,}, {_ms(last.p50_ms[each])} ms "
        f"with {last.size:,}: {_growth([(step.size, step.p50_ms[each]) for step in steps])}."
        for each in first.p50_ms
    )


def _growth(curve: Sequence[tuple[int, float]]) -> str:
    *earlier, last = curve
    if last[1] <= _FLAT * max((each[1] for each in earlier), default=last[1]):
        return "flat"
    before = earlier[-1]
    slope_us = (last[1] - before[1]) / (last[0] - before[0]) * 1000
    return f"it grows, at the end by {slope_us:.3g} µs with each entry"


def _ms(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"
