"""Reading the window no further back than is asked for."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from monitoring.sources.away import SourceAwayError
from monitoring.sources.window_entries import window_entries
from predictions.log.transaction_log import LIST_KEY
from tests.conftest import Valkey
from tests.monitoring.traffic import NOON, log, prediction, summaries

MINUTE = timedelta(minutes=1)


def test_it_reads_all_of_it(valkey: Valkey) -> None:
    traffic = [prediction(NOON - n * MINUTE) for n in range(600, 0, -1)]
    log(traffic)
    assert list(window_entries()) == summaries(traffic)


def test_it_ends_with_the_page_that_goes_back_far_enough(valkey: Valkey) -> None:
    traffic = [prediction(NOON - n * MINUTE) for n in range(900, 0, -1)]
    log(traffic)
    assert list(window_entries(NOON - 400 * MINUTE)) == summaries(traffic)[:500]


def test_it_reads_on_where_an_older_entry_stands_at_the_end_of_a_page(valkey: Valkey) -> None:
    # As two workers leave it that bring their entries in the same moment.
    late = prediction(NOON - 40 * timedelta(seconds=1))
    traffic = [prediction(NOON) for _ in range(20)] + [late] + [prediction(NOON)] * 499
    valkey.client().lpush(LIST_KEY, *[each.summary for each in traffic])
    assert len(list(window_entries(NOON - 10 * timedelta(seconds=1)))) == 520


def test_it_reads_past_what_somebody_else_pushed(valkey: Valkey) -> None:
    log([prediction(NOON)])
    valkey.client().lpush(LIST_KEY, *["null", "[1]", "{}", "text"] * 200)
    assert sum("timestamp" in entry for entry in window_entries(NOON)) == 1


def test_it_reads_no_further_than_it_is_asked_for(valkey: Valkey) -> None:
    log([prediction(NOON - n * MINUTE) for n in range(600, 0, -1)])
    entries = window_entries()
    next(entries)
    # The first 500 have been read, and 499 of them not looked at yet.
    valkey.client().delete(LIST_KEY)
    assert len(list(entries)) == 499


@pytest.mark.usefixtures("no_redis")
def test_it_says_that_redis_is_away() -> None:
    with pytest.raises(SourceAwayError, match=r"^Redis does not answer\.$"):
        next(window_entries(NOON))


def test_it_says_that_nothing_is_logged(settings: Settings) -> None:
    settings.LOG_TO_REDIS = False
    with pytest.raises(SourceAwayError, match="LOG_TO_REDIS is off"):
        next(window_entries())
