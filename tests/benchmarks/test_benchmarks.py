"""Real small runs: the benchmark measures what it says; its numbers are in docs/performance.md."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.check import PATH, PEOPLE, Log, probabilities
from benchmarks.contenders import EVERYTHING
from benchmarks.document import PERFORMANCE
from benchmarks.load.asyncio_client import AsyncioClient
from benchmarks.load.load import Refused
from benchmarks.results import Ran
from benchmarks.rounds import measure
from benchmarks.services import Service, running
from heartrisk_site.variables import BASE_DIR
from predictions.features import EXAMPLE
from predictions.profiling import HEARS_EVERY_THREAD

# From Python 3.12 on one transaction at a time is profiled: with 32 clients it must refuse.
pytestmark = pytest.mark.skipif(HEARS_EVERY_THREAD, reason="profiles one transaction at a time")


@pytest.fixture(scope="module")
def output() -> str:
    """Of the smallest run: three services, one round of tenths of a second."""
    command = [sys.executable, "-m", "benchmarks", "--quick", "--seconds", "0.2", "--workers", "1"]
    command += ["--only", "everything", "--only", "prototype"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _rows(output: str) -> list[list[str]]:
    lines = [line for line in output.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_it_finds_an_entry_of_each_request(output: str) -> None:
    found = re.search(r"This run left ([\d,]+) such entries", output)
    assert found is not None
    assert int(found[1].replace(",", "")) > len(PEOPLE)


def test_it_reports_each_service_and_the_ratio_to_the_bare_one(output: str) -> None:
    _, *rows = _rows(output)[:4]
    assert [row[0] for row in rows] == [
        "heartrisk, everything on",
        "bare FastAPI",
        "the prototype's shape",
    ]
    assert rows[1][-3:] == ["1", "1", "1"]


def test_it_reports_cpu_and_memory_of_each(output: str) -> None:
    _, *rows = _rows(output)[:4]
    cpu_ms = [float(figure) for row in rows for figure in row[4].split(" and ")]
    assert min(cpu_ms) > 0
    assert all(float(row[5]) > 50 for row in rows)


def test_it_sets_the_targets_beside_what_was_measured(output: str) -> None:
    verdicts = [row[3] for row in _rows(output)[5:]]
    assert len(verdicts) == 4
    assert all(verdict.startswith(("yes", "no")) for verdict in verdicts)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Path]]:
    folder = tmp_path_factory.mktemp("bench")
    with running(folder, [EVERYTHING], [1]) as (service,):
        yield service, folder


def test_it_measures_each_round_with_the_asyncio_client(site: tuple[Service, Path]) -> None:
    service, folder = site
    with closing(Log.of(folder)) as log:
        results = measure([service], AsyncioClient(PATH, EXAMPLE), log, rounds=2, seconds=0.4)
    turns = results[Ran(EVERYTHING.key, 1)]
    assert len(turns) == 2
    assert all(turn.cpu_ms > 0 and turn.rate > 0 for turn in turns)


def test_it_refuses_when_a_request_came_beside_its_own(site: tuple[Service, Path]) -> None:
    service, folder = site
    with closing(Log.of(folder)) as log:
        sent = len(probabilities(service))
        with pytest.raises(Refused, match=f"{sent - 1} requests were sent .* {sent} of them"):
            log.take(EVERYTHING, sent - 1)
        log.take(EVERYTHING, sent)


def test_a_smoke_run_writes_nothing(output: str) -> None:
    # Its command would be named there.
    assert "--quick" in output
    section = PERFORMANCE.read_text(encoding="utf-8").partition("<!-- end requests -->")[0]
    assert "--quick" not in section.partition("<!-- begin requests -->")[2]
