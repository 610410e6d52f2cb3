"""The Markdown of `make bench`."""

import statistics
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Final

from benchmarks.check import Log
from benchmarks.contenders import BARE, BY_KEY
from benchmarks.results import Ran, Results, Spread, Turn, ratio
from benchmarks.targets import Target, targets

_INTRODUCTION: Final = """\
`{command}` starts every service below with the same model file, and lets them take turns in
{rounds} rounds, nobody always the first. A turn is {seconds:g} s with one client and {seconds:g} s
with 32, after a warm-up, connections kept, `POST /predict` with the same body; the others are idle
meanwhile. The requests came from {driver}.

- **heartrisk, everything on**: validation, model, each request's [profile](log-fields.md) with
  all its metrics, and its entry in the spool before the answer's first byte, in Redis after it; on
  granian, as `make run` serves it.
- **heartrisk, profile off** and **profile and log off**: the same without the one
  (`ENABLE_PERFORMANCE_MONITORING`) or both (and `LOG_TO_REDIS`).
- **bare FastAPI**: [the model behind pydantic](../benchmarks/bare.py) on uvicorn with uvloop and
  httptools, and nothing else. With `async def` it predicts on the event loop, which waits
  meanwhile; with **def** in a thread, as FastAPI's documentation advises for code that cannot be
  awaited. What was asked was asked beside a service that took 0.97 ms and answered 890 to 940
  requests a second, which is the second form; the first is shown because it is quicker.
- **the prototype's shape**: [three middlewares](../benchmarks/prototype.py) around FastAPI, a
  pandas row, cProfile read by pstats, psutil, an entry in a Redis list.

The figures are medians of the rounds. A ratio is taken within each round; its median stands
before the least and the most of the rounds. Requests a second count the time until nothing waits
in the spool any more. The run refuses to report unless all answer the
same probabilities within 1e-12, every request is answered with 200, and heartrisk's entries in
Redis are of exactly as many transactions as requests were sent, nothing is left in the spool,
and each is profiled where the profile is on. This run left {entries:,} such entries{copies}.
Every service is larger here than where it runs: scikit-learn imports pandas, 30 MB, wherever a
developer has installed it. What `make run` has is [below](#starting)."""
_COPIES: Final = (
    ", {:,} of them twice: Redis answered too late, and the spool brought them again under the "
    "same id"
)

_COLUMNS: Final = (
    "service",
    "p50 ms",
    "p99 ms",
    "requests/s",
    "CPU ms a request, 1 and 32 clients",
    "RSS of a worker, MB",
    "p50 to bare FastAPI",
    "requests/s to bare FastAPI",
    "CPU to bare FastAPI",
)
_HEAD: Final = f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|"


def introduction(*, command: str, rounds: int, seconds: float, driver: str, log: Log) -> str:
    """What was done, and what ``log`` has found."""
    return _INTRODUCTION.format(
        command=command,
        rounds=rounds,
        seconds=seconds,
        driver=driver,
        entries=log.entries,
        copies=_COPIES.format(log.copies) if log.copies else "",
    )


def tables(results: Results) -> str:
    """One table for each number of workers."""
    numbers = sorted({ran.workers for ran in results})
    return "\n\n".join(_table(results, workers) for workers in numbers)


def _table(results: Results, workers: int) -> str:
    title = "One worker each:" if workers == 1 else f"{workers} workers each:"
    rows = (_row(results, ran) for ran in results if ran.workers == workers)
    return "\n".join([title, "", _HEAD, *rows])


def _row(results: Results, ran: Ran) -> str:
    turns, bare = results[ran], Ran(BARE.key, ran.workers)
    cells = [
        _median(turns, "p50_ms", ".2f"),
        _median(turns, "p99_ms", ".2f"),
        _median(turns, "rate", ",.0f"),
        " and ".join(_median(turns, name, ".2f") for name in ("cpu_ms_one_client", "cpu_ms")),
        _median(turns, "worker_mb", ".0f"),
    ]
    cells += [_to(results, ran, bare, attrgetter(name)) for name in ("p50_ms", "rate", "cpu_ms")]
    return f"| {BY_KEY[ran.key].name} | {' | '.join(cells)} |"


def _median(turns: Iterable[Turn], name: str, form: str) -> str:
    return format(statistics.median(getattr(turn, name) for turn in turns), form)


def _to(results: Results, ran: Ran, bare: Ran, figure: Callable[[Turn], float]) -> str:
    return "1" if ran == bare else str(ratio(results, ran, bare, figure))


def target_table(results: Results) -> str:
    """Asked, measured, and whether it was reached: by the median, and by every round."""
    return "\n".join(_target_lines(targets(results)))


def _target_lines(found: Iterable[Target]) -> Iterator[str]:
    yield "| everything on, one worker | asked | measured | reached |"
    yield "|---|---|---|---|"
    for target in found:
        sign = "at least" if target.at_least else "at most"
        asked, measured = f"{sign} {target.asked:g}", _measured(target.measured, target.beside)
        if target.stretch is not None:
            asked += f", stretch {target.stretch:g}"
        yield f"| {target.what} | {asked} | {measured} | {_verdict(target)} |"


def _measured(spread: Spread, beside: str) -> str:
    return f"{spread}; {beside}" if beside else str(spread)


def _verdict(target: Target) -> str:
    if not target.reached(target.asked):
        return "no"
    if target.stretch is None:
        return "yes"
    return "yes, the stretch too" if target.reached(target.stretch) else "yes, not the stretch"
