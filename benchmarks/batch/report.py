"""The Markdown of `make bench-batch`."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from benchmarks.batch.from_files import FileRun
from benchmarks.batch.over_http import NAIVE, Batch
from benchmarks.contenders import EVERYTHING
from benchmarks.results import Spread

_ASKED_HTTP: Final = 50_000
_ASKED_FILE: Final = 200_000

_HTTP: Final = """\
`{command}` posts {rows:,} rows to `/predict_batch`, {rounds} times to each of two services with
one worker, in turns: the people of the Framingham study again and again, one in eight with unknown
values, two in a hundred with an error. heartrisk judges, predicts, answers each row with its id,
its warnings and its errors, is profiled, and has an entry of every row in the spool before the
answer's first byte. [The other](../benchmarks/batch/naive.py) takes a `list[Person]` by pydantic
and answers `predict_proba`. The run refuses to report unless both answer the same probabilities
within 1e-12 and the transaction of every row stands in the stream.

| service | rows/s | least to most | CPU ms a request |
|---|---|---|---|
{table}

heartrisk to FastAPI, rows/s within each round: {ratio}. Asked were {asked:,} rows/s:
{reached}."""

_FILES: Final = """\
`manage.py predict_file` beside pandas (`read_csv`, `predict_proba`, `to_csv`; no rules, no errors,
no warnings), both inside a process of their own, its imports and the loading of the model left out;
{rounds} rounds, the probabilities compared row by row. The peak is of the whole process.

| rows | way | rows/s | least to most | CPU µs a row | peak RSS, MB |
|---|---|---|---|---|---|
{table}

{ratios} Asked were {asked:,} rows/s: {reached}."""


def http_section(
    command: str, rows: int, rounds: int, measured: Mapping[str, Sequence[Batch]]
) -> str:
    """What was done over HTTP, and what it took."""
    names = {EVERYTHING.key: EVERYTHING.name, NAIVE.key: NAIVE.name}
    rates = {
        key: Spread.of(rows / each.seconds for each in batches) for key, batches in measured.items()
    }
    table = "\n".join(
        f"| {names[key]} | {_rate(rates[key])} | {_median(b.cpu for b in batches) * 1000:.0f} |"
        for key, batches in measured.items()
    )
    pairs = zip(measured[EVERYTHING.key], measured[NAIVE.key], strict=True)
    return _HTTP.format(
        command=command,
        rows=rows,
        rounds=rounds,
        table=table,
        ratio=Spread.of(theirs.seconds / ours.seconds for ours, theirs in pairs),
        asked=_ASKED_HTTP,
        reached=_reached(rates[EVERYTHING.key], _ASKED_HTTP),
    )


def files_section(rounds: int, measured: Mapping[int, Mapping[str, Sequence[FileRun]]]) -> str:
    """What the files took; ``measured`` by rows, then by way."""
    lines = [
        f"| {rows:,} | {way} | {_rate(_file_rate(rows, runs))} "
        f"| {_median(run.cpu for run in runs) / rows * 1e6:.1f} "
        f"| {_median(run.peak_mb for run in runs):.0f} |"
        for rows, ways in measured.items()
        for way, runs in ways.items()
    ]
    ratios = [
        f"predict_file to pandas at {rows:,} rows, rows/s within each round: "
        f"{_ratio(ways['heartrisk'], ways['pandas'])}."
        for rows, ways in measured.items()
    ]
    most = max(measured)
    return _FILES.format(
        rounds=rounds,
        table="\n".join(lines),
        ratios="\n".join(ratios),
        asked=_ASKED_FILE,
        reached=_reached(_file_rate(most, measured[most]["heartrisk"]), _ASKED_FILE),
    )


def _file_rate(rows: int, runs: Iterable[FileRun]) -> Spread:
    return Spread.of(rows / run.seconds for run in runs)


def _ratio(ours: Iterable[FileRun], theirs: Iterable[FileRun]) -> Spread:
    pairs = zip(ours, theirs, strict=True)
    return Spread.of(other.seconds / mine.seconds for mine, other in pairs)


def _rate(spread: Spread) -> str:
    return f"{spread.median:,.0f} | {spread.least:,.0f} to {spread.most:,.0f}"


def _reached(spread: Spread, asked: int) -> str:
    if spread.median < asked:
        return "not reached"
    return "reached in every round" if spread.least >= asked else "reached by the median"


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)
