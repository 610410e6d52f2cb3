"""The curves are what they are said to be; their numbers are in docs/performance.md."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import document
from benchmarks.growth.backlog import ASKED as ASKED_OF_BACKLOG
from benchmarks.growth.backlog import BacklogStep
from benchmarks.growth.rates import BARE, OURS, Step
from benchmarks.growth.report import about_growth, about_rates, of_backlog, of_rates
from benchmarks.growth.section import Found, write
from benchmarks.growth.window import ASKED, WindowStep
from heartrisk_site.variables import BASE_DIR


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")[1:-1]]


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


def step(service: str, rate: int, answered: float) -> Step:
    return Step(service, rate, 100, answered, {50: 1.0, 95: 2.0, 99: 3.0}, 0.1, 0.2)


FOUND = {OURS: [step(OURS, 100, 100), step(OURS, 200, 150)], BARE: [step(BARE, 100, 60)]}


@pytest.fixture(scope="module")
def tables(elasticsearch_url: str) -> list[list[str]]:
    """Of the smallest real run: the rows of its three tables."""
    command = [sys.executable, "-m", "benchmarks.growth", "--quick", "--es-url", elasticsearch_url]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    parts = done.stdout.split("\n\n")
    return [part.splitlines() for part in parts if part.startswith("| ")]


def test_it_asks_both_services_at_each_rate(tables: list[list[str]]) -> None:
    (row,) = [cells(row) for row in tables[0][2:]]
    assert row[0] == "50"
    assert all(number(p50) > 0 for p50 in (row[2], row[6]))


def test_it_times_whatever_reads_the_window(tables: list[list[str]]) -> None:
    head, _, row = map(cells, tables[1])
    assert head[1:] == list(ASKED)
    assert row[0] == "10"
    assert all(number(time) > 0 for time in row[1:])


def test_it_runs_the_pipeline_where_enough_waits(tables: list[list[str]]) -> None:
    empty, full = map(cells, tables[2][2:])
    assert (empty[0], empty[-1]) == ("0", "-")
    assert number(full[-1]) > 0


def test_a_rate_is_saturated_where_a_queue_is_left() -> None:
    assert not step(OURS, 100, 98).saturated
    assert step(OURS, 100, 97).saturated


def test_it_marks_where_a_service_is_saturated() -> None:
    rows = [cells(row) for row in of_rates(FOUND).splitlines()[2:]]
    assert [row[1] for row in rows] == ["100", "150 (saturated)"]
    # Nothing is asked for more than it can do.
    assert rows[1][5:] == [""] * 4


def test_it_says_what_each_service_keeps_up_with() -> None:
    text = about_rates(FOUND)
    assert "heartrisk keeps up with 100 requests a second" in text
    assert "bare FastAPI keeps up with none of these rates: asked for 100, it answers 60." in text


def test_it_tells_flat_from_growing() -> None:
    steps = [
        WindowStep(10, {"page": 1.0, "whole": 1.0}),
        WindowStep(1000, {"page": 1.2, "whole": 10.0}),
        WindowStep(2000, {"page": 1.1, "whole": 20.0}),
    ]
    page, whole = about_growth(steps).splitlines()
    assert page == "- page: 1.00 ms with 10, 1.10 ms with 2,000: flat."
    assert whole.endswith("it grows, at the end by 10 µs with each entry.")


def test_it_draws_what_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_DOCS", tmp_path)
    (tmp_path / "images").mkdir()
    page = tmp_path / "page.md"
    page.write_text("<!-- begin growth -->\n<!-- end growth -->\n")
    window = [WindowStep(size, dict.fromkeys(ASKED, 1.0)) for size in (1, 9)]
    backlog = [BacklogStep(size, dict.fromkeys(ASKED_OF_BACKLOG, 1.0), None) for size in (0, 9)]
    write(Found(FOUND, window, backlog), page)
    drawn = [path.name for path in sorted((tmp_path / "images").iterdir())]
    assert drawn == [f"performance-growth-{name}.svg" for name in ("backlog", "rates", "window")]
    assert all(f"](images/{name})" in page.read_text() for name in drawn)


def test_it_leaves_out_a_rate_that_was_not_measured() -> None:
    times = dict.fromkeys(ASKED_OF_BACKLOG, 1.0)
    rows = of_backlog([BacklogStep(0, times, None), BacklogStep(9, times, 1234.5)]).splitlines()
    assert [cells(row)[-1] for row in rows[2:]] == ["-", "1,234"]
