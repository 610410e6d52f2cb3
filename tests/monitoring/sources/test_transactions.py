"""Looking transactions up, in Elasticsearch and in the window."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import orjson
import pytest
from pytest_django import Settings

from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from monitoring.sources.transactions import MOST_ROWS, TransactionQuery, find, search
from predictions.log.entry import Entries
from tests.conftest import Valkey
from tests.monitoring.traffic import (
    NOON,
    Cost,
    batch,
    id_of,
    indices_with,
    log,
    look,
    prediction,
    refusal,
    row_ids_of,
)

DAY = Period(NOON - timedelta(days=1), NOON)
YESTERDAY = prediction(NOON - timedelta(hours=20), 0.3, cost=Cost(latency=50))
PROFILE = Cost(latency=5, functions={"f.py:1(f)": (2, 1.5)})
PROFILED = prediction(NOON - timedelta(hours=3), 0.1, path="/predict_proba", cost=PROFILE)
REFUSED = refusal(NOON - timedelta(hours=2), cost=Cost(latency=20))
LOOK = look(NOON - timedelta(minutes=90))
BATCH = batch(NOON - timedelta(hours=1), [0.1, 0.9], refused=1, cost=Cost(latency=500))
TOO_OLD = prediction(NOON - timedelta(hours=25))
TRAFFIC = [TOO_OLD, YESTERDAY, PROFILED, REFUSED, LOOK, BATCH]
SOURCES = ("stored", "logged")

pytestmark = pytest.mark.usefixtures("valkey")


@pytest.fixture(scope="module")
def prefix(elasticsearch_url: str) -> Iterator[str]:
    with indices_with(elasticsearch_url, TRAFFIC) as found:
        yield found


@pytest.fixture
def stored(prefix: str, elasticsearch_url: str, settings: Settings) -> None:
    """In Elasticsearch only."""
    settings.ES_URL, settings.ES_INDEX_PREFIX = elasticsearch_url, prefix


@pytest.fixture
def logged(valkey: Valkey, no_elasticsearch: None) -> None:
    """In the window only."""
    log(TRAFFIC)


@pytest.fixture(params=SOURCES)
def everywhere(request: pytest.FixtureRequest) -> None:
    """First in the one, then in the other."""
    request.getfixturevalue(request.param)


def ids(limit: int = 50, offset: int = 0, **what: Any) -> list[str]:
    found = search(TransactionQuery(**{"period": DAY, **what}), limit, offset)
    return [row["data"]["transaction_id"] for row in found.rows]


def ids_of(*traffic: Entries) -> list[str]:
    return [id_of(entries) for entries in traffic]


@pytest.mark.usefixtures("everywhere")
def test_it_finds_the_requests_of_the_period_newest_first() -> None:
    assert ids() == ids_of(BATCH, LOOK, REFUSED, PROFILED, YESTERDAY)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({"transaction_id": id_of(REFUSED)}, [REFUSED]),
        ({"path": "/predict_proba"}, [PROFILED]),
        ({"path": "/predict"}, [REFUSED, YESTERDAY]),
        ({"path": "/predict_batch"}, [BATCH]),
        ({"min_latency_ms": 20.0}, [BATCH, REFUSED, YESTERDAY]),
        ({"result": "YES", "min_latency_ms": 1.0}, [YESTERDAY]),
        ({"path": "/predict", "min_latency_ms": 30.0}, [YESTERDAY]),
        ({"transaction_id": id_of(REFUSED), "path": "/logs"}, []),
        ({"transaction_id": id_of(TOO_OLD)}, []),
    ],
)
def test_it_finds_what_fits_all_that_is_asked(
    what: dict[str, Any], expected: Sequence[Entries]
) -> None:
    assert ids(**what) == ids_of(*expected)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize(
    "what",
    [
        {"transaction_id": "nobody's"},
        {"transaction_id": "*"},
        {"transaction_id": 'a" OR 1 \\'},
        {"transaction_id": "x" * 5000},
        {"path": "/PREDICT"},
        {"result": "MAYBE"},
    ],
)
def test_it_finds_nothing_by_what_is_nowhere(what: dict[str, Any]) -> None:
    assert ids(**what) == []


@pytest.mark.usefixtures("stored")
def test_rows_of_batches_are_found_by_their_result() -> None:
    no, yes, _ = row_ids_of(BATCH)
    assert ids(result="YES") == [yes, *ids_of(YESTERDAY)]
    assert ids(result="NO") == [no, *ids_of(PROFILED)]


@pytest.mark.usefixtures("stored")
def test_a_row_of_a_batch_is_found_by_its_id() -> None:
    refused = row_ids_of(BATCH)[2]
    (row,) = search(TransactionQuery(period=DAY, transaction_id=refused), 1, 0).rows
    assert row["data"]["batch_id"] == id_of(BATCH)


@pytest.mark.usefixtures("everywhere")
def test_a_page_begins_where_the_one_before_ended() -> None:
    everything = ids()
    assert ids(limit=2) + ids(limit=2, offset=2) + ids(limit=2, offset=4) == everything
    assert search(TransactionQuery(period=DAY), 2, 2).total == 5


@pytest.mark.usefixtures("everywhere")
def test_it_gives_no_more_than_it_may() -> None:
    assert len(ids(limit=10**9, offset=-5)) == 5
    assert ids(offset=10**9) == ids(limit=-1) == []
    assert MOST_ROWS == 200


@pytest.mark.usefixtures("everywhere")
def test_a_row_of_the_answer_is_the_entry_as_it_was_logged() -> None:
    (row,) = search(TransactionQuery(period=DAY, transaction_id=id_of(PROFILED)), 1, 0).rows
    assert row == orjson.loads(PROFILED.summary)


@pytest.mark.usefixtures("everywhere")
def test_an_entry_is_found_whole_with_its_profile_at_any_time() -> None:
    assert [find(id_of(each)) for each in TRAFFIC] == [orjson.loads(e.summary) for e in TRAFFIC]


@pytest.mark.usefixtures("stored")
def test_one_that_is_not_indexed_yet_is_found_in_the_window() -> None:
    new = prediction(NOON)
    log([new])
    assert find(id_of(new)) == orjson.loads(new.summary)


def test_an_id_that_is_nowhere_finds_nothing() -> None:
    assert find("nobody's") is None


@pytest.mark.usefixtures("stored")
def test_an_id_that_is_nowhere_in_elasticsearch_finds_nothing() -> None:
    assert find("nobody's") is None


@pytest.mark.usefixtures("logged")
def test_it_says_that_elasticsearch_may_have_it() -> None:
    with pytest.raises(SourceAwayError, match="cannot be reached"):
        find("nobody's")


@pytest.mark.usefixtures("no_elasticsearch", "no_redis")
def test_it_says_that_both_are_away() -> None:
    with pytest.raises(SourceAwayError, match=r"^Redis does not answer\. Elasticsearch at "):
        ids()
    with pytest.raises(SourceAwayError, match="does not answer"):
        find("nobody's")
