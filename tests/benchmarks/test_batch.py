"""The batches' benchmark refuses to report of what went wrong; its numbers are in docs/."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.batch import from_files, over_http
from benchmarks.batch.from_files import FileRun
from benchmarks.batch.over_http import NAIVE, Batch
from benchmarks.batch.people import TOO_YOUNG, people
from benchmarks.batch.report import files_section, http_section
from benchmarks.contenders import EVERYTHING
from benchmarks.load.load import Refused


def batches(probabilities: list[float], naive: list[float]) -> dict[str, Batch]:
    """The first of which is refused."""
    results: list[dict[str, Any]] = [{"errors": []}]
    results += [{"probability": probability} for probability in probabilities]
    return {
        EVERYTHING.key: Batch(0.1, 0.1, {"results": results}),
        NAIVE.key: Batch(0.2, 0.2, {"probabilities": [0.5, *naive]}),
    }


def test_two_of_a_hundred_people_are_too_young() -> None:
    ages = [person["AGE"] for person in people(200)]
    assert ages.count(TOO_YOUNG) == 4


def test_it_takes_the_same_answers() -> None:
    over_http._require_same(batches([0.25, 0.5], [0.25, 0.5]), rows=3)


@pytest.mark.parametrize(
    ("found", "rows", "reason"),
    [
        (batches([0.25], [0.26]), 2, "do not answer the same"),
        (batches([0.25], [0.25]), 3, "2 of 3 rows were answered"),
    ],
)
def test_it_refuses_other_answers(found: dict[str, Batch], rows: int, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        over_http._require_same(found, rows)


def test_it_measures_both_ways_on_the_same_file(tmp_path: Path) -> None:
    measured = from_files.measure(tmp_path, rows=200, rounds=1)
    assert list(measured) == ["heartrisk", "pandas"]
    assert all(run.peak_mb > 50 for (run,) in measured.values())


def test_it_refuses_files_that_differ(tmp_path: Path) -> None:
    (tmp_path / "heartrisk.csv").write_text("id,probability,errors\n0,,x\n1,0.25,\n")
    (tmp_path / "pandas.csv").write_text("id,probability\n0,0.5\n1,0.26\n")
    with pytest.raises(Refused, match="the same probabilities"):
        from_files._require_same(tmp_path, rows=2)


def test_it_reports_rows_a_second_and_what_was_asked() -> None:
    found = batches([0.25], [0.25])
    text = http_section("make it", 10_000, 1, {key: [each] for key, each in found.items()})
    assert "| heartrisk, everything on | 100,000 | 100,000 to 100,000 | 100 |" in text
    assert "2.00 (2.00 to 2.00)" in text
    assert text.endswith("Asked were 50,000 rows/s:\nreached in every round.")


def test_it_says_where_a_file_was_too_slow() -> None:
    runs = {"heartrisk": [FileRun(1, 1, 200)], "pandas": [FileRun(2, 2, 900)]}
    text = files_section(1, {100_000: runs})
    assert "| 100,000 | pandas | 50,000 | 50,000 to 50,000 | 20.0 | 900 |" in text
    assert text.endswith("Asked were 200,000 rows/s: not reached.")
