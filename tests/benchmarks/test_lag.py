"""The lag is from the answer to the last document; its numbers are in docs/performance.md."""

import subprocess
import sys
import time

import pytest

from benchmarks.lag import __main__ as benchmark
from benchmarks.lag.ledger import BATCH, ROW, SINGLE, Ledger
from benchmarks.lag.report import Round, markdown
from benchmarks.lag.traffic import planned, write_down
from benchmarks.open_loop import Exchange
from heartrisk_site.variables import BASE_DIR

ALIASES = ("ml-api-logs", "ml-api-message", "ml-api-perfs")
SINGLE_ANSWER = Exchange(
    b"POST /predict HTTP/1.1", 1.0, 1.0, 1.0, 2.0, b"HTTP/1.1 200 OK\r\nX-Transaction-ID: one", b""
)
BATCH_ANSWER = Exchange(
    b"POST /predict_batch HTTP/1.1",
    1.0,
    1.0,
    1.0,
    2.0,
    b"HTTP/1.1 200 OK\r\nx-transaction-id: many\r\nServer: granian",
    b'{"results": [{"transaction_id": "first"}, {"transaction_id": "second"}]}',
)


@pytest.fixture(scope="module")
def rows(elasticsearch_url: str) -> dict[str, list[str]]:
    """Of the smallest real run: the cells of its table by what they are of."""
    command = [sys.executable, "-m", "benchmarks.lag", "--quick", "--rounds", "1"]
    command += ["--es-url", elasticsearch_url]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[1:]]
    return {row[0]: row[1:] for row in cells}


def test_it_finds_every_row_of_the_batches(rows: dict[str, list[str]]) -> None:
    # Two seconds with a batch of a hundred rows each.
    assert (rows[BATCH][0], rows[ROW][0]) == ("2", "200")


def test_it_gives_percentiles_that_ascend(rows: dict[str, list[str]]) -> None:
    percentiles = [float(cell) for cell in rows["all"][1:]]
    assert percentiles == sorted(percentiles)
    assert percentiles[0] > 0


def test_a_transaction_can_be_found_when_its_last_document_can() -> None:
    ledger = Ledger()
    ledger.answered("one", SINGLE, at=10.0, sent=9.0)
    for alias, at in zip(ALIASES, (11.0, 13.0, 12.0), strict=True):
        assert ledger.missing() == ["one"]
        ledger.found([(alias, "one")], at)
    assert ledger.missing() == []
    assert ledger.transactions["one"].lag == 3.0


def test_the_first_time_counts() -> None:
    ledger = Ledger()
    ledger.answered("row", ROW, at=10.0, sent=9.0)
    for at in (11.0, 12.0):
        ledger.found([(alias, "row") for alias in ALIASES[:2]], at)
    assert ledger.transactions["row"].lag == 1.0


def test_a_document_may_be_found_before_its_answer_is_read() -> None:
    ledger = Ledger()
    ledger.found([(alias, "one") for alias in ALIASES], 9.5)
    ledger.answered("one", SINGLE, at=10.0, sent=9.0)
    assert (ledger.missing(), ledger.transactions["one"].lag) == ([], 0.0)


def test_it_looks_as_far_back_as_the_oldest_that_was_not_found() -> None:
    ledger, now = Ledger(), time.monotonic()
    # The second one was sent before the first, and answered after it.
    for identity, ago in (("first", 10.0), ("second", 20.0)):
        ledger.answered(identity, ROW, at=now, sent=now - ago)
    assert ledger.nothing_before() < time.time() - 15.0


def test_a_warm_up_is_forgotten_once_it_has_been_found() -> None:
    ledger = Ledger()
    ledger.answered("one", SINGLE, at=10.0, sent=9.0)
    ledger.found([(alias, "one") for alias in ALIASES], 11.0)
    ledger.start_anew()
    assert ledger.transactions == {}


def test_an_answer_is_one_transaction_and_a_batch_is_one_with_its_rows() -> None:
    ledger = Ledger()
    write_down(SINGLE_ANSWER, ledger)
    write_down(BATCH_ANSWER, ledger)
    kinds = {identity: each.kind for identity, each in ledger.transactions.items()}
    assert kinds == {"one": SINGLE, "many": BATCH, "first": ROW, "second": ROW}


def test_one_request_a_second_is_a_batch() -> None:
    plan = list(planned(50, 10))
    assert sum(b"/predict_batch" in each.request[:40] for each in plan) == 10
    assert [each.at for each in plan] == sorted(each.at for each in plan)


def test_it_refuses_to_report_where_a_transaction_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benchmark, "_FOUND_WITHIN_S", 0.05)
    monkeypatch.setattr(benchmark, "run", lambda *_, on_answer: on_answer(SINGLE_ANSWER))
    with pytest.raises(SystemExit, match="1 of 1 transactions were answered and not found"):
        benchmark.round_of(0, Ledger(), 1.0, 2.0)


@pytest.mark.parametrize(("lag", "reached"), [(1.5, "1.50 s, under"), (2.5, "2.50 s, not under")])
def test_it_says_whether_the_target_is_reached(lag: float, reached: str) -> None:
    rounds = [Round({kind: [lag] * 4 for kind in (SINGLE, ROW, BATCH)}, 0.5)] * 2
    text = markdown(rounds, 60, 200)
    assert "All 24 transactions were found." in text
    assert reached in text
