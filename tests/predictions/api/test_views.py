import re
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from pytest_django import Settings

from predictions.api.views import PredictView
from predictions.features import EXAMPLE
from predictions.risk.predictor import get_predictor
from predictions.transaction import Transaction, transaction_of
from tests.predictions.api.client import JSON, post, read, reasons

PATHS = ["/predict", "/predict_proba"]
SMOKER = {**EXAMPLE, "CURRENT_SMOKER": 1}
KNOWN = get_predictor().predict(np.array(list(EXAMPLE.values())))


def recorded(body: object) -> Transaction:
    """What the view tells the log of a request."""
    request = RequestFactory().post(
        "/predict", orjson.dumps(body), content_type="application/json", headers=JSON
    )
    PredictView.as_view()(request)
    return transaction_of(request)


def test_it_gives_the_model_s_own_numbers() -> None:
    answer = read(post("/predict", EXAMPLE))
    assert answer.pop("transaction_id")
    assert answer == {
        "prediction": KNOWN.prediction,
        "result": KNOWN.result,
        "probability": KNOWN.probability,
        "risk_band": KNOWN.risk_band,
        "threshold": KNOWN.threshold,
        "message": KNOWN.message(),
        "imputed": {},
        "warnings": [],
        "model_version": KNOWN.model_version,
    }


def test_it_gives_both_probabilities() -> None:
    probabilities = read(post("/predict_proba", EXAMPLE))["probabilities"]
    assert probabilities == {"NO": 1 - KNOWN.probability, "YES": KNOWN.probability}


@pytest.mark.parametrize("path", PATHS)
def test_its_id_is_the_one_in_the_header(path: str) -> None:
    response = post(path, EXAMPLE)
    assert read(response)["transaction_id"] == response["X-Transaction-ID"]


def test_it_mints_its_own_id() -> None:
    given = str(uuid.uuid4())
    assert read(post("/predict", EXAMPLE, **{"X-Request-ID": given}))["transaction_id"] != given


def test_it_names_what_it_imputed_with_the_value() -> None:
    answer = read(post("/predict", {**EXAMPLE, "BMI": None}))
    assert answer["imputed"] == {"BMI": get_predictor().manifest.medians["BMI"]}


def test_it_imputes_what_was_left_out() -> None:
    body = {name: value for name, value in SMOKER.items() if name != "CIGS_PER_DAY"}
    imputed = read(post("/predict", body))["imputed"]
    assert imputed == {"CIGS_PER_DAY": get_predictor().manifest.smokers_cigarettes}


def test_it_warns_of_a_value_outside_the_training_data() -> None:
    (warning,) = read(post("/predict", {**EXAMPLE, "AGE": 95}))["warnings"]
    low, high = get_predictor().manifest.training_ranges["AGE"]
    assert "95" in warning.pop("detail")
    assert warning == {"field": "AGE", "value": 95, "low": low, "high": high, "unit": "years"}


def test_it_takes_numbers_as_text() -> None:
    text = {name: f"{value:g}" for name, value in EXAMPLE.items()}
    assert read(post("/predict", text))["probability"] == KNOWN.probability


def test_it_speaks_the_language_asked_for() -> None:
    english = read(post("/predict", EXAMPLE))["message"]
    assert read(post("/predict", EXAMPLE, **{"Accept-Language": "fr"}))["message"] != english


def test_it_explains_refusals_in_the_language_asked_for() -> None:
    body = {**EXAMPLE, "AGE": 200}
    english = read(post("/predict", body), 400)["detail"]
    assert read(post("/predict", body, **{"Accept-Language": "fr"}), 400)["detail"] != english


@pytest.mark.parametrize("path", PATHS)
def test_it_refuses_to_explain_yet(path: str) -> None:
    assert reasons(post(f"{path}?explain=true", EXAMPLE)) == [("explain", "not_available")]


def test_it_answers_where_no_explanation_is_asked_for() -> None:
    assert post("/predict?explain=false", EXAMPLE).status_code == 200


def test_it_tells_the_log_input_result_version_and_time() -> None:
    transaction = recorded({**EXAMPLE, "GLUCOSE": None})
    assert transaction.input_data == {**EXAMPLE, "GLUCOSE": None}
    assert (transaction.result or {})["imputed"].keys() == {"GLUCOSE"}
    assert transaction.model_version == KNOWN.model_version
    assert (transaction.inference_time_ms or 0) > 0


def test_it_tells_the_log_what_was_refused() -> None:
    transaction = recorded({**EXAMPLE, "AGE": "x" * 99})
    assert transaction.invalid_input == [
        {"field": "AGE", "value": "x" * 32, "reason": "not_a_number"}
    ]


def test_it_logs_in_english_whatever_the_reader_speaks() -> None:
    with_warning = {**EXAMPLE, "AGE": 95}
    assert "detail" not in (recorded(with_warning).result or {})["warnings"][0]


def test_it_answers_503_where_there_is_no_model(settings: Settings, tmp_path: Path) -> None:
    settings.MODEL_PATH = str(tmp_path / "model.pkl")
    assert "no readable model" in read(post("/predict", EXAMPLE), 503)["detail"]


# --- The browsable API --------------------------------------------------------
HTML = {"accept": "text/html"}
FORM = {name: f"{value:g}" for name, value in EXAMPLE.items()}


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
@pytest.mark.parametrize("path", PATHS)
def test_its_page_has_a_form_with_labels_limits_and_examples(client: Client, path: str) -> None:
    page = client.get(path, headers=HTML).content.decode()
    assert re.search(r'name="SYS_BP"[^>]*value="134', page)
    assert "60 to 300 mmHg." in page
    assert "Systolic blood pressure" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_its_form_can_be_sent(client: Client, kind: str) -> None:
    sent: dict[str, Any] = {"data": FORM}
    if kind != "multipart/form-data":
        sent = {"data": "&".join(f"{k}={v}" for k, v in FORM.items()), "content_type": kind}
    page = client.post("/predict", **sent, headers=HTML)
    assert page.status_code == 200
    assert f"{KNOWN.probability}" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
def test_its_form_keeps_what_was_typed_beside_the_error(client: Client) -> None:
    page = client.post("/predict", {**FORM, "AGE": "7"}, headers=HTML).content.decode()
    assert 'value="7"' in page
    assert "AGE: 7 is below the lowest allowed, 18 years." in page


@pytest.mark.django_db
def test_its_form_may_be_sent_by_who_is_signed_in(admin_user: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin_user)
    browser.cookies["csrftoken"] = "c" * 32
    form = {**FORM, "csrfmiddlewaretoken": "c" * 32}
    response: Any = browser.post("/predict", form, headers=JSON)
    assert read(response)["probability"] == KNOWN.probability


def test_a_form_with_a_field_twice_is_refused(client: Client) -> None:
    response: Any = client.post("/predict", {**FORM, "AGE": ["50", "60"]}, headers=JSON)
    assert reasons(response) == [("AGE", "repeated_field")]


def test_a_form_with_a_file_is_refused(client: Client, tmp_path: Path) -> None:
    (tmp_path / "bmi.txt").write_text("26")
    with (tmp_path / "bmi.txt").open() as file:
        response: Any = client.post("/predict", {**FORM, "BMI": file}, headers=JSON)
    assert reasons(response) == [("BMI", "not_a_number")]


def test_a_form_that_cannot_be_read_is_refused(client: Client) -> None:
    response: Any = client.post(
        "/predict", b"nothing", content_type="multipart/form-data", headers=JSON
    )
    assert reasons(response) == [("body", "unreadable")]
