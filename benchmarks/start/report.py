"""The section `start` of docs/performance.md."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.start.memory import WORKER, Memory
from benchmarks.start.production import HIDDEN
from benchmarks.start.ready import BARE, SITE, Start

_MOST_SECONDS: Final = 2.5
_MOST_WORKER_MB: Final = 180
_MB: Final = 1e6
# Times of one service, in the order in which they were taken.
Starts = dict[str, list[Start]]


@dataclass(frozen=True, slots=True)
class Results:
    """``forgotten`` are the starts after the system has forgotten the files; seconds of `make run`;
    memory after ``predictions`` predictions.
    """

    starts: Starts
    forgotten: Starts
    make_run_first: float
    make_run_later: Sequence[float]
    predictions: int
    site: Sequence[Memory]
    bare: Memory


def section(results: Results) -> str:
    """As Markdown."""
    return "\n\n".join(
        [
            _explanation(results),
            _asked(results),
            _ready(results),
            _memory(results),
            _make_run(results),
        ]
    )


def _explanation(results: Results) -> str:
    rounds = len(results.starts[SITE])
    return (
        "`make bench-start`. *Ready* is a new Python process that has imported everything, loaded "
        f"the model and made a prediction; the median of {rounds} such processes (least to most), "
        "the site's and the bare service's in turns, with the same Python, the same packages and "
        f"the same model. {', '.join(HIDDEN[:-1])} and {HIDDEN[-1]} are hidden from both: only "
        "development installs them, but packages of the site would import them where they are. "
        "A run counts only if nothing is loaded that requirements.txt does not name (beside "
        "FastAPI and its own packages), and if both answer the same probability. MB are 10⁶ bytes."
    )


def _asked(results: Results) -> str:
    ready = statistics.median(each.elapsed for each in results.starts[SITE])
    worker = max(each.rss for each in results.site if each.name == WORKER) / _MB
    return _table(
        ("asked", "measured", ""),
        [
            (
                f"ready within {_MOST_SECONDS} s",
                f"{ready:.2f} s",
                _met(ready <= _MOST_SECONDS),
            ),
            (
                f"RSS of a web worker at most {_MOST_WORKER_MB} MB",
                f"{worker:.0f} MB",
                _met(worker <= _MOST_WORKER_MB),
            ),
            ("no pandas, no matplotlib at run time", "none loaded", _met(True)),
        ],
    )


def _met(is_met: bool) -> str:
    return "met" if is_met else "not met"


def _ready(results: Results) -> str:
    rows = []
    for what, starts in (
        ("files in memory", results.starts),
        ("files on the disk, as after a boot", results.forgotten),
    ):
        for service in (SITE, BARE):
            if found := starts[service]:
                base = statistics.median(each.elapsed for each in starts[BARE])
                median = statistics.median(each.elapsed for each in found)
                rows.append(
                    (
                        f"{service}, {what}",
                        _spread([each.elapsed for each in found]),
                        _spread([each.cpu for each in found]),
                        f"{median / base:.2f}",
                    )
                )
    return _table(("ready", "seconds", "CPU seconds", "of bare FastAPI"), rows)


def _memory(results: Results) -> str:
    same: dict[str, list[Memory]] = defaultdict(list)
    for memory in results.site:
        same[memory.name].append(memory)
    rows = [
        (_counted(name, len(found)), _megabytes(found, "rss"), _megabytes(found, "pss"))
        for name, found in same.items()
    ]
    total = sum(each.pss for each in results.site) / _MB
    rows.append(("all of `make run`", "", f"{total:.0f}"))
    rows.append(("bare FastAPI, one worker", *_megabytes_of(results.bare)))
    head = (f"after {results.predictions} predictions", "RSS MB", "PSS MB")
    note = (
        "RSS counts what processes share in each of them, PSS once. The workers are forked from "
        "the server and share with it what it has loaded."
    )
    return f"{_table(head, rows)}\n\n{note}"


def _counted(name: str, number: int) -> str:
    return name if number == 1 else f"{name}, {number} of them, each"


def _megabytes(found: Sequence[Memory], what: str) -> str:
    sizes = sorted({round(getattr(each, what) / _MB) for each in found})
    return f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"


def _megabytes_of(memory: Memory) -> tuple[str, str]:
    return _megabytes([memory], "rss"), _megabytes([memory], "pss")


def _make_run(results: Results) -> str:
    rows = [("cold: the first in an empty folder", f"{results.make_run_first:.1f}")]
    if results.make_run_later:
        rows.append(("warm: every later one", _spread(results.make_run_later)))
    note = (
        "From `make run` to the first answered prediction. A cold start makes the database, "
        "compresses the static files and makes the first user; it comes after the installation of "
        "the packages, which takes half a minute or more."
    )
    return f"{_table(('`make run`', 'seconds'), rows)}\n\n{note}"


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
