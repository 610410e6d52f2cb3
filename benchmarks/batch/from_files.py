"""predict_file beside pandas, each in processes of their own, which take turns."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch.child import WAYS
from benchmarks.batch.people import REFUSED_EVERY, write_csv
from benchmarks.check import SAME
from benchmarks.load.load import Refused
from benchmarks.services import ROOT
from tools.clean_environment import clean_environment


@dataclass(frozen=True, slots=True)
class FileRun:
    """One file, one way: seconds and seconds of CPU without the imports, and the peak RSS."""

    seconds: float
    cpu: float
    peak_mb: float


def measure(folder: Path, rows: int, rounds: int) -> dict[str, list[FileRun]]:
    """By the way's name, in the order of the rounds. Raises ``Refused``."""
    source = folder / "in.csv"
    write_csv(source, rows)
    measured: dict[str, list[FileRun]] = {way: [] for way in WAYS}
    for number in range(rounds):
        for way in list(WAYS)[:: -1 if number % 2 else 1]:
            measured[way].append(_run(way, source, folder / f"{way}.csv"))
    _require_same(folder, rows)
    return measured


def _run(way: str, source: Path, target: Path) -> FileRun:
    command = [sys.executable, "-m", "benchmarks.batch.child", way, str(source), str(target)]
    done = subprocess.run(
        command, env=clean_environment(), cwd=ROOT, capture_output=True, check=False
    )
    if done.returncode:
        raise Refused(f"{way} failed: {done.stderr.decode()[-500:]}")
    return FileRun(**json.loads(done.stdout))


def _require_same(folder: Path, rows: int) -> None:
    """Row by row: neither file is read whole."""
    answered = refused = 0
    ours, theirs = (_rows(folder / f"{way}.csv") for way in WAYS)
    for mine, other in zip(ours, theirs, strict=True):
        answered += 1
        refused += mine["errors"] != ""
        if mine["id"] != other["id"]:
            raise Refused("the files do not hold the same rows")
        if not mine["errors"] and not _same(mine["probability"], other["probability"]):
            raise Refused("the files do not hold the same probabilities")
    if answered != rows or refused != len(range(0, rows, REFUSED_EVERY)):
        raise Refused(f"{answered} of {rows} rows were answered, {refused} of them refused")


def _same(mine: str, other: str) -> bool:
    return abs(float(mine) - float(other)) <= SAME


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
