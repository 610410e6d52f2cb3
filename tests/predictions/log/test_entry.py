import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import orjson
import pytest
from django.test import RequestFactory
from pytest_django import Settings

from predictions.features import EXAMPLE
from predictions.log.entry import (
    Entries,
    entries_of,
    ids_in,
    is_rows,
    level_of,
    request_id_of,
    timestamp,
)
from predictions.transaction import BatchRecord, Transaction
from tests.predictions.logs import NOON

RESULT = {"prediction": 0, "result": "NO", "probability": 0.1234}


def logged(transaction: Transaction, status: int = 200, path: str = "/predict") -> Entries:
    request = RequestFactory().post(path, headers={"X-Request-ID": "mine"})
    return entries_of(request, status, transaction, None, 44.6, NOON)


def summary(transaction: Transaction, status: int = 200, path: str = "/predict") -> dict[str, Any]:
    decoded: dict[str, Any] = orjson.loads(logged(transaction, status, path).summary)
    return decoded


def batch(rows: int, refused: int = 0) -> Transaction:
    answered: list[dict[str, Any]] = [
        {"transaction_id": f"row {number}", "input_data": dict(EXAMPLE), "result": dict(RESULT)}
        for number in range(rows - refused)
    ]
    answered += [{"transaction_id": "refused", "invalid_input": []}] * refused
    record = BatchRecord("the batch", answered, errors=refused, mean_probability=0.15)
    return Transaction(id="the batch", batch=record, model_version="1")


def test_it_has_the_fields_of_the_contract() -> None:
    transaction = Transaction(input_data=dict(EXAMPLE), result=dict(RESULT), model_version="1")
    entry = summary(transaction)
    assert list(entry) == ["timestamp", "level", "message", "data"]
    assert entry["data"] == {
        "transaction_id": transaction.id,
        "input_data": EXAMPLE,
        "result": RESULT,
        "invalid_input": [],
        "performance_metrics": None,
        "method": "POST",
        "path": "/predict",
        "status": 200,
        "model_version": "1",
        "request_id": "mine",
    }


def test_its_message_tells_what_was_asked_and_answered() -> None:
    transaction = Transaction(
        id="id", input_data={"AGE": 52, "BMI": 26.4, "GLUCOSE": None}, result=dict(RESULT)
    )
    assert summary(transaction)["message"] == (
        "[id] POST /predict - 200 - 45ms - AGE=52 BMI=26.4 GLUCOSE=unknown - NO 0.123"
    )


def test_its_message_tells_what_was_refused_without_the_values() -> None:
    refused = [{"field": "AGE", "value": "200", "reason": "above_limit"}]
    transaction = Transaction(id="id", invalid_input=refused)
    assert summary(transaction, 400)["message"] == (
        "[id] POST /predict - 400 - 45ms - - - refused: AGE above_limit"
    )


def test_its_message_has_dashes_where_there_is_nothing_to_tell() -> None:
    assert (
        summary(Transaction(id="id"), 405)["message"] == "[id] POST /predict - 405 - 45ms - - - -"
    )


def test_a_result_without_a_probability_is_told_all_the_same() -> None:
    transaction = Transaction(id="id", result={"result": "YES"})
    assert summary(transaction)["message"].endswith("- YES nan")


def test_an_unknown_value_is_null() -> None:
    assert summary(Transaction(input_data={"BMI": math.nan}))["data"]["input_data"] == {"BMI": None}


def test_it_takes_numbers_of_numpy() -> None:
    transaction = Transaction(result={"result": "NO", "probability": np.float64(0.25)})
    assert summary(transaction)["data"]["result"]["probability"] == 0.25


def test_a_batch_is_summed_up_in_one_entry() -> None:
    entry = summary(batch(5, refused=2), path="/predict_batch")
    assert entry["message"] == (
        "[the batch] POST /predict_batch - 200 - 45ms - 5 rows, 2 errors - mean 0.150"
    )
    assert entry["data"]["result"] == {
        "rows": 5,
        "errors": 2,
        "mean_probability": 0.15,
        "results": {"YES": 0, "NO": 3},
    }


def test_a_batch_of_refused_rows_has_no_mean() -> None:
    transaction = batch(1, refused=1)
    assert transaction.batch is not None
    transaction.batch.mean_probability = None
    assert summary(transaction)["message"].endswith("1 rows, 1 errors - mean -")


def test_a_batchs_rows_are_entries_of_up_to_500() -> None:
    parts = [orjson.loads(each)["data"] for each in logged(batch(1201)).rows]
    assert [len(part["rows"]) for part in parts] == [500, 500, 201]
    assert [part["part"] for part in parts] == [0, 1, 2]


def test_each_entry_of_rows_says_what_its_rows_share() -> None:
    part = orjson.loads(logged(batch(2)).rows[0])
    assert part["timestamp"] == timestamp(NOON)
    shared = {"batch_id": "the batch", "status": 200, "model_version": "1", "request_id": "mine"}
    assert shared.items() <= part["data"].items()


def test_the_summary_is_told_from_the_rows() -> None:
    whole, rows = (orjson.loads(each) for each in logged(batch(2)))
    assert [is_rows(whole), is_rows(rows)] == [False, True]
    assert [ids_in(whole), ids_in(rows)] == [["the batch"], ["row 0", "row 1"]]


@pytest.mark.parametrize(
    ("status", "level"),
    [(200, "INFO"), (302, "INFO"), (400, "WARNING"), (499, "WARNING"), (500, "ERROR")],
)
def test_the_level_follows_the_status(status: int, level: str) -> None:
    assert level_of(status) == level


def test_a_timestamp_is_utc_and_always_as_long() -> None:
    paris = datetime(2026, 11, 23, 13, tzinfo=timezone(timedelta(hours=1)))
    assert timestamp(paris) == "2026-11-23T12:00:00.000000+00:00"
    assert len(timestamp(datetime.now(UTC))) == 32


@pytest.mark.parametrize("given", ["a" * 129, "", "é", "a\tb"])
def test_a_request_id_that_is_long_or_not_printable_is_left_out(given: str) -> None:
    request = RequestFactory().post("/predict", headers={"X-Request-ID": given})
    assert request_id_of(request) is None


def test_a_request_without_a_request_id_has_none() -> None:
    assert request_id_of(RequestFactory().post("/predict")) is None


def test_only_a_demonstrations_entries_say_that_they_are_one(settings: Settings) -> None:
    usual = logged(batch(3))
    assert not any("demo" in orjson.loads(each)["data"] for each in usual)
    settings.DEMO = True
    assert all(orjson.loads(each)["data"]["demo"] is True for each in logged(batch(3)))
