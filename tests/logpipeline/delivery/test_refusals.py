"""Where every document is refused, the mapping is at fault and not the documents."""

import pytest

from logpipeline.delivery.preparation import Unit
from logpipeline.delivery.refusals import LEAST_REFUSED, Refusals
from tests.logpipeline.rules.samples import log_entry

ENTRY = log_entry()


def units(count: int, alias: str = "ml-api-logs") -> list[Unit]:
    return [Unit(alias, f"{alias}-2026.11.23", ENTRY, "1-0", b"")] * count


@pytest.fixture
def refusals() -> Refusals:
    return Refusals()


def test_many_in_a_row_open_the_breaker(
    refusals: Refusals, caplog: pytest.LogCaptureFixture
) -> None:
    refusals.judge([], units(LEAST_REFUSED))
    assert refusals.open == {"ml-api-logs"}
    assert "refuses every document for ml-api-logs" in caplog.text


def test_a_few_do_not(refusals: Refusals) -> None:
    refusals.judge([], units(LEAST_REFUSED - 1))
    assert refusals.open == frozenset()


def test_a_few_again_and_again_with_nothing_stored_between_do(refusals: Refusals) -> None:
    for _ in range(LEAST_REFUSED):
        refusals.judge([], units(1))
    assert refusals.open == {"ml-api-logs"}


def test_a_stored_one_begins_the_row_anew(refusals: Refusals) -> None:
    refusals.judge([], units(LEAST_REFUSED - 1))
    refusals.judge(units(1), [])
    refusals.judge([], units(LEAST_REFUSED - 1))
    assert refusals.open == frozenset()


def test_many_among_more_that_are_stored_do_not(refusals: Refusals) -> None:
    refusals.judge(units(LEAST_REFUSED), units(LEAST_REFUSED))
    assert refusals.open == frozenset()


def test_many_among_fewer_that_are_stored_do(refusals: Refusals) -> None:
    refusals.judge(units(LEAST_REFUSED - 1), units(LEAST_REFUSED))
    assert refusals.open == {"ml-api-logs"}


def test_each_index_has_its_own(refusals: Refusals) -> None:
    refusals.judge(units(100), units(LEAST_REFUSED, "ml-api-perfs"))
    assert refusals.open == {"ml-api-perfs"}


def test_it_is_said_once(refusals: Refusals, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        refusals.judge([], units(LEAST_REFUSED))
    assert len(caplog.records) == 1


def test_an_answer_about_nothing_new_changes_nothing(refusals: Refusals) -> None:
    refusals.judge([], units(LEAST_REFUSED))
    # Duplicates only, say.
    refusals.judge([], [])
    assert refusals.open == {"ml-api-logs"}


def test_what_is_refused_again_does_not_open_it_again(refusals: Refusals) -> None:
    bad = units(LEAST_REFUSED)
    refusals.judge([], bad)
    refusals.judge(units(1), [])
    refusals.judge([], bad)
    assert refusals.open == frozenset()


def test_a_stored_one_closes_it(refusals: Refusals, caplog: pytest.LogCaptureFixture) -> None:
    refusals.judge([], units(LEAST_REFUSED))
    refusals.judge(units(1), [])
    assert refusals.open == frozenset()
    assert "takes documents for ml-api-logs again" in caplog.messages[-1]
