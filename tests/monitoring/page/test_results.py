"""Rows of a search, also of entries that are not as they should be."""

from typing import Any

import orjson
import pytest

from monitoring.page.results import Results, results_of, row_of
from monitoring.page.search_form import LAST_PAGE
from monitoring.page.status import Tone
from monitoring.sources.transactions import Found
from predictions.log.entry import Entries
from tests.monitoring.traffic import NOON, batch, failure, id_of, look, prediction, refusal


def entry(of: Entries) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(of.summary)
    return found


def page(number: int, total: int) -> Results:
    return results_of(Found("redis", total, []), number, "range=1h")


def test_a_row_tells_what_was_answered() -> None:
    made = prediction(NOON, 0.234)
    row = row_of(entry(made))
    assert (row.id, row.time, row.path) == (id_of(made), "2026-11-24 12:00:00", "/predict")
    assert (row.status, row.result, row.latency) == ("200", "YES 23.4%", "2.00 ms")


@pytest.mark.parametrize(
    ("made", "result", "tone"),
    [
        (prediction(NOON), "NO 10.0%", Tone.GOOD),
        (batch(NOON, [0.1, 0.2], refused=1), "3 rows, 1 refused", Tone.GOOD),
        (refusal(NOON), "–", Tone.CAUTION),
        (failure(NOON), "–", Tone.DANGER),
        (look(NOON), "–", Tone.GOOD),
    ],
)
def test_every_kind_has_a_row(made: Entries, result: str, tone: Tone) -> None:
    row = row_of(entry(made))
    assert (row.result, row.tone) == (result, tone)


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"data": None},
        {"data": []},
        {"timestamp": 5, "data": {"status": "200", "result": "YES", "performance_metrics": 3}},
        {"data": {"result": {"probability": "x", "rows": None}, "transaction_id": 7}},
        {"timestamp": "0001-01-01T00:00:00+23:59", "data": {}},
    ],
)
def test_what_is_not_an_entry_has_a_row_all_the_same(strange: dict[str, Any]) -> None:
    assert row_of(strange).latency == "–"


@pytest.mark.parametrize(
    ("number", "total", "newer", "older"),
    [
        (1, 0, "", ""),
        (1, 25, "", ""),
        (1, 26, "", "?range=1h&page=2"),
        (2, 60, "?range=1h&page=1", "?range=1h&page=3"),
        (3, 60, "?range=1h&page=2", ""),
        (LAST_PAGE, 10**7, f"?range=1h&page={LAST_PAGE - 1}", ""),
    ],
)
def test_it_leads_to_the_pages_beside_it(number: int, total: int, newer: str, older: str) -> None:
    found = page(number, total)
    assert (found.newer, found.older) == (newer, older)
