"""Which source a page reads from, and what it says of it."""

from datetime import timedelta

import pytest
from elasticsearch import Elasticsearch

from monitoring.page.reading import read
from monitoring.period import Period
from monitoring.sources.state import Part, SystemState
from tests.monitoring.traffic import NOON, log, prediction, store

PERIOD = Period(NOON - timedelta(hours=1), NOON)
FINE = Part(True, "It answers.")

pytestmark = pytest.mark.usefixtures("valkey")


def state(elasticsearch: Part = FINE, lag: float | None = 0.0) -> SystemState:
    return SystemState(NOON, FINE, elasticsearch, FINE, FINE, lag_seconds=lag)


def test_it_says_that_the_newest_are_not_indexed_yet(elastic: Elasticsearch) -> None:
    store(elastic, [prediction(NOON - timedelta(minutes=5))])
    reading = read(PERIOD, state(lag=400))
    assert reading.source == "Elasticsearch"
    assert reading.notes == [
        "Elasticsearch is 7 min behind: the newest transactions are missing here."
    ]


@pytest.mark.parametrize("lag", [None, 0.0, 59.0])
def test_it_says_nothing_of_a_lag_that_is_none(elastic: Elasticsearch, lag: float | None) -> None:
    assert read(PERIOD, state(lag=lag)).notes == []


def test_it_does_not_ask_what_is_known_to_be_away(elastic: Elasticsearch) -> None:
    log([prediction(NOON - timedelta(minutes=5))])
    reading = read(PERIOD, state(Part(False, "It is known to be away.")))
    assert (reading.source, reading.notes[0]) == ("Redis", "It is known to be away.")


@pytest.mark.usefixtures("no_elasticsearch", "no_redis")
def test_it_has_nothing_where_nothing_answers() -> None:
    reading = read(PERIOD, state())
    assert reading.overview is None
    assert reading.notes[0].startswith("There are no charts")
