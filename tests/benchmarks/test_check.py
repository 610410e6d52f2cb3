"""Each way in which a run must be refused."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from benchmarks.check import Log, require_entries, require_same
from benchmarks.contenders import BARE, EVERYTHING, NEITHER, NO_PROFILE, PROTOTYPE
from benchmarks.load.load import Refused
from benchmarks.prototype_log import KEPT, KEY
from predictions.log.spool import Spool
from predictions.log.transaction_log import STREAM_FIELD, STREAM_KEY
from tests.conftest import Valkey


def _entry(number: int, **changes: Any) -> dict[str, Any]:
    metrics = {"profiled": True, "not_profiled": None}
    data = {"path": "/predict", "status": 200, "performance_metrics": metrics}
    return {"data": {"transaction_id": f"id-{number}", **data, **changes}}


def _unprofiled(why: str) -> dict[str, Any]:
    return {"profiled": False, "not_profiled": why}


def test_it_takes_answers_that_differ_by_rounding_only() -> None:
    require_same({"one": [0.1, 0.2], "other": [0.1 + 1e-13, 0.2]})


def test_it_refuses_answers_that_differ() -> None:
    with pytest.raises(Refused, match=r"the services disagree: .*'other': 0\.2000000001"):
        require_same({"one": [0.1, 0.2], "other": [0.1, 0.2000000001]})


def test_it_takes_one_entry_for_each_request() -> None:
    assert require_entries([_entry(1), _entry(2)], 2, EVERYTHING) == 0


def test_it_counts_an_entry_that_the_spool_brought_again() -> None:
    assert require_entries([_entry(1), _entry(2), _entry(1)], 2, EVERYTHING) == 1


def test_it_refuses_a_copy_in_place_of_an_entry() -> None:
    with pytest.raises(Refused, match="2 requests were sent to heartrisk, everything on, 1 of"):
        require_entries([_entry(1), _entry(1)], 2, EVERYTHING)


def test_it_refuses_more_entries_than_requests() -> None:
    with pytest.raises(Refused, match="0 requests were sent"):
        require_entries([_entry(1)], 0, NEITHER)


@pytest.mark.parametrize("changes", [{"status": 503}, {"path": "/logs"}])
def test_it_refuses_an_entry_of_another_kind(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="1 entries are not of a /predict"):
        require_entries([_entry(1), _entry(2, **changes)], 2, EVERYTHING)


def test_it_refuses_entries_without_a_profile_and_counts_the_reasons() -> None:
    entries = [_entry(n, performance_metrics=_unprofiled("one")) for n in range(3)]
    entries.append(_entry(3, performance_metrics=_unprofiled("other")))
    with pytest.raises(Refused, match=r"4 of 4 .* not profiled: 3 because one, 1 because other"):
        require_entries(entries, 4, EVERYTHING)


def test_it_asks_no_profile_of_a_service_without() -> None:
    assert require_entries([_entry(1, performance_metrics=None)], 1, NO_PROFILE) == 0


@pytest.fixture
def log(valkey: Valkey, tmp_path: Path) -> Log:
    return Log(valkey.client(), Spool(tmp_path / "spool", 1_000_000), patience_s=0.2)


def _fill(valkey: Valkey, count: int) -> None:
    pipe = valkey.client().pipeline(transaction=False)
    for number in range(count):
        pipe.xadd(STREAM_KEY, {STREAM_FIELD: orjson.dumps(_entry(number))})
    pipe.execute()


def test_it_reads_the_whole_stream_and_empties_it(log: Log, valkey: Valkey) -> None:
    _fill(valkey, 2500)
    log.take(EVERYTHING, 2500)
    assert (log.entries, valkey.client().xlen(STREAM_KEY)) == (2500, 0)


def test_it_refuses_when_an_entry_is_missing(log: Log, valkey: Valkey) -> None:
    _fill(valkey, 2)
    with pytest.raises(Refused, match="3 requests were sent, 2 entries stand in Redis, 0 wait"):
        log.take(EVERYTHING, 3)


def test_it_refuses_when_an_entry_is_left_in_the_spool(
    log: Log, valkey: Valkey, tmp_path: Path
) -> None:
    _fill(valkey, 2)
    Spool(tmp_path / "spool", 1_000_000).append([orjson.dumps(_entry(2))])
    with pytest.raises(Refused, match="1 wait in the spool"):
        log.take(EVERYTHING, 2)


def test_it_refuses_an_entry_of_a_service_whose_log_is_off(log: Log, valkey: Valkey) -> None:
    _fill(valkey, 1)
    with pytest.raises(Refused, match="0 requests were sent"):
        log.take(NEITHER, 5)


def test_it_refuses_a_prototype_that_does_not_log(log: Log) -> None:
    with pytest.raises(Refused, match="sent 5 requests and keeps 0 entries"):
        log.take(PROTOTYPE, 5)


def test_it_takes_a_prototypes_full_list(log: Log, valkey: Valkey) -> None:
    valkey.client().rpush(KEY, *range(KEPT))
    log.take(PROTOTYPE, KEPT + 7)
    assert valkey.client().exists(KEY) == 0


def test_it_asks_nothing_of_the_bare_service(log: Log) -> None:
    log.take(BARE, 5)
    assert log.entries == 0
