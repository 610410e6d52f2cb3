import pytest

from benchmarks.contenders import EVERYTHING
from benchmarks.report import tables, target_table
from benchmarks.results import Ran
from tests.benchmarks.turns import turns, whole


def _cells(table: str) -> list[list[str]]:
    """Without the head."""
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]


def test_it_has_a_table_for_each_number_of_workers() -> None:
    titles = [line for line in tables(whole()).splitlines() if line.endswith(":")]
    assert titles == ["One worker each:", "2 workers each:"]


def test_it_shows_medians_and_ratios_to_bare_fastapi() -> None:
    row = _cells(tables(whole()))[1]
    ratios = ["0.50 (0.50 to 0.60)", "2.00 (1.90 to 2.00)", "1.00 (1.00 to 1.00)"]
    assert row == [
        "heartrisk, everything on",
        "0.50",
        "1.00",
        "2,000",
        "1.00 and 1.00",
        "200",
        *ratios,
    ]


def test_it_calls_bare_fastapi_one() -> None:
    row = next(row for row in _cells(tables(whole())) if row[0] == "bare FastAPI")
    assert row[-3:] == ["1", "1", "1"]


@pytest.mark.parametrize(
    ("p50_ms", "verdict"),
    [(0.5, "yes, the stretch too"), (0.65, "yes, not the stretch"), (0.75, "no")],
)
def test_it_says_whether_a_target_was_reached(p50_ms: float, verdict: str) -> None:
    results = whole() | {Ran(EVERYTHING.key, 1): turns(p50_ms=(p50_ms,) * 3)}
    assert _cells(target_table(results))[1][-1] == verdict


def test_it_sets_what_is_asked_beside_what_was_measured() -> None:
    row = _cells(target_table(whole()))[1]
    assert row[1:3] == ["at most 0.7, stretch 0.55", "0.50 (0.50 to 0.60)"]
