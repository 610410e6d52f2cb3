import math
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from predictions.api.batch import PredictBatchView
from predictions.api.batch_rows import random_ids
from predictions.features import EXAMPLE, NAMES
from predictions.risk.predictor import get_predictor
from predictions.training.framingham import load_rows
from predictions.transaction import BatchRecord, transaction_of
from tests.predictions.api.client import JSON, post, read, reasons

BAD = {**EXAMPLE, "AGE": 7}
FRAMINGHAM = load_rows().inputs
PATIENTS = [
    {name: None if math.isnan(value) else value for name, value in zip(NAMES, row, strict=True)}
    for row in FRAMINGHAM.tolist()
]


def answer_to(*rows: object) -> dict[str, Any]:
    return read(post("/predict_batch", {"instances": rows}))


def logged(*rows: object) -> BatchRecord:
    """What the view tells the log."""
    body = orjson.dumps({"instances": rows})
    request = RequestFactory().post(
        "/predict_batch", body, content_type="application/json", headers=JSON
    )
    PredictBatchView.as_view()(request)
    record = transaction_of(request).batch
    assert record is not None
    return record


# --- The answer ---------------------------------------------------------------
def test_it_gives_every_framingham_row_the_model_s_own_probability() -> None:
    results = answer_to(*PATIENTS)["results"]
    own = get_predictor().predict_many(FRAMINGHAM).probability
    assert len(results) == 4240
    np.testing.assert_allclose([row["probability"] for row in results], own, rtol=0, atol=1e-12)


def test_it_says_of_every_framingham_row_what_the_model_says() -> None:
    own = get_predictor().predict_many(FRAMINGHAM)
    for index, result in enumerate(answer_to(*PATIENTS)["results"]):
        expected = own.row(index)
        assert (result["prediction"], result["result"]) == (expected.prediction, expected.result)
        assert (result["risk_band"], result["imputed"]) == (expected.risk_band, expected.imputed)
        assert [warning["field"] for warning in result["warnings"]] == [
            warning.field for warning in expected.warnings
        ]


def test_predict_gives_fifty_framingham_rows_the_same_probability() -> None:
    together = answer_to(*PATIENTS)["results"][::85]
    alone = [read(post("/predict", patient))["probability"] for patient in PATIENTS[::85]]
    assert len(alone) == 50
    np.testing.assert_allclose(alone, [row["probability"] for row in together], rtol=0, atol=1e-12)


def test_it_answers_each_row_by_itself_and_in_order() -> None:
    answer = answer_to(EXAMPLE, BAD, 7, {**EXAMPLE, "BMI": None}, {**EXAMPLE, "AGE": 95})
    results = answer["results"]
    assert ["errors" in row for row in results] == [False, True, True, False, False]
    assert results[3]["imputed"].keys() == {"BMI"}
    assert results[4]["warnings"][0]["field"] == "AGE"


def test_it_counts_rows_and_errors() -> None:
    answer = answer_to(EXAMPLE, BAD, EXAMPLE)
    assert (answer["rows"], answer["errors"]) == (3, 1)


def test_it_says_why_a_row_was_refused() -> None:
    (error,) = answer_to(BAD)["results"][0]["errors"]
    assert (error["field"], error["reason"], error["limit"]) == ("AGE", "below_limit", 18)


def test_it_gives_the_batch_the_transaction_s_id() -> None:
    response = post("/predict_batch", {"instances": [EXAMPLE]})
    assert read(response)["batch_id"] == response["X-Transaction-ID"]


def test_it_gives_each_row_an_id_of_its_own() -> None:
    results = answer_to(EXAMPLE, BAD, EXAMPLE)["results"]
    assert len({row["transaction_id"] for row in results}) == 3


def test_it_answers_a_batch_with_no_good_row() -> None:
    assert answer_to(BAD, BAD)["errors"] == 2


def test_it_reports_a_key_given_twice_in_one_row_only() -> None:
    row = orjson.dumps(EXAMPLE)
    body = b'{"instances": [%s, {"AGE": 50, %s]}' % (row, row[1:])
    results = read(post("/predict_batch", body))["results"]
    assert "errors" not in results[0]
    assert results[1]["errors"][0]["reason"] == "repeated_field"


def test_its_ids_are_random_uuids() -> None:
    ids = [uuid.UUID(text) for text in random_ids(1000)]
    assert {(each.version, each.variant) for each in ids} == {(4, uuid.RFC_4122)}
    assert len(set(ids)) == 1000


def test_it_makes_no_ids_for_no_rows() -> None:
    assert random_ids(0) == []


# --- The batch itself ---------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("instances", "required")]),
        ({"instances": []}, [("instances", "empty")]),
        ({"instances": {}}, [("instances", "not_a_list")]),
        ({"instances": None}, [("instances", "not_a_list")]),
        ({"instances": [EXAMPLE], "rows": 1}, [("rows", "unknown_field")]),
        ([EXAMPLE], [("body", "not_an_object")]),
        (b'{"instances": [1], "instances": [2]}', [("instances", "repeated_field")]),
    ],
)
def test_it_refuses_what_is_no_batch(body: object, errors: list[tuple[str, str]]) -> None:
    assert reasons(post("/predict_batch", body)) == errors


def test_it_refuses_to_explain_yet() -> None:
    response = post("/predict_batch?explain=true", {"instances": [EXAMPLE]})
    assert reasons(response) == [("explain", "not_available")]


def test_it_takes_as_many_rows_as_allowed(settings: Settings) -> None:
    settings.BATCH_MAX_ROWS = 2
    assert answer_to(EXAMPLE, EXAMPLE)["rows"] == 2


def test_it_refuses_more_rows_than_allowed(settings: Settings) -> None:
    settings.BATCH_MAX_ROWS = 2
    problem = read(post("/predict_batch", {"instances": [EXAMPLE] * 3}), 413)
    assert problem["detail"] == "A batch may hold 2 rows; this one has 3."


def test_it_refuses_a_body_too_large_for_its_rows(settings: Settings) -> None:
    settings.BATCH_MAX_ROWS = 2
    assert post("/predict_batch", b" " * 10_000).status_code == 413


def test_it_answers_503_where_there_is_no_model(settings: Settings, tmp_path: Path) -> None:
    settings.MODEL_PATH = str(tmp_path / "model.pkl")
    assert post("/predict_batch", {"instances": [EXAMPLE]}).status_code == 503


@pytest.mark.django_db
def test_its_page_has_a_raw_form_with_an_example(client: Client, static_files: Path) -> None:
    page = client.get("/predict_batch", headers={"accept": "text/html"}).content.decode()
    assert "&quot;instances&quot;: [" in page
    assert "&quot;CIGS_PER_DAY&quot;: 20" in page


# --- The log ------------------------------------------------------------------
def test_it_tells_the_log_of_each_row() -> None:
    rows = list(logged(EXAMPLE, BAD, {**EXAMPLE, "GLUCOSE": None}).rows)
    assert rows[0]["input_data"] == EXAMPLE
    assert rows[1]["invalid_input"] == [{"field": "AGE", "value": "7", "reason": "below_limit"}]
    assert rows[2]["input_data"]["GLUCOSE"] is None


def test_its_log_has_the_result_that_one_prediction_logs() -> None:
    values = np.array(list(EXAMPLE.values()))
    rows = logged(EXAMPLE, {**EXAMPLE, "AGE": 95}).rows
    assert rows[0]["result"] == get_predictor().predict(values).log_result()
    assert [warning["field"] for warning in rows[1]["result"]["warnings"]] == ["AGE"]


def test_its_log_counts_errors_and_averages_what_was_answered() -> None:
    record = logged(EXAMPLE, BAD, EXAMPLE)
    own = get_predictor().predict(np.array(list(EXAMPLE.values()))).probability
    assert record.errors == 1
    assert record.mean_probability == pytest.approx(own, abs=1e-12)


def test_its_log_has_no_mean_where_nothing_was_answered() -> None:
    assert logged(BAD).mean_probability is None


def test_its_log_can_be_taken_in_parts() -> None:
    rows = logged(EXAMPLE, BAD, EXAMPLE).rows
    assert len(rows[1:]) == 2


def test_the_ids_of_answer_and_log_are_the_same() -> None:
    body = orjson.dumps({"instances": [EXAMPLE, BAD]})
    request = RequestFactory().post("/predict_batch", body, content_type="application/json")
    response = PredictBatchView.as_view()(request)
    record = transaction_of(request).batch
    assert record is not None
    assert [row["transaction_id"] for row in record.rows] == [
        row["transaction_id"] for row in response.data["results"]
    ]
