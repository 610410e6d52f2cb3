from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from predictions.api.exceptions import Refused
from predictions.api.json import dumps
from predictions.features import EXAMPLE
from predictions.validation.row import Refusal
from tests.predictions.api.client import JSON, post, read, reasons

PATIENT_PATHS = ["/predict", "/predict_proba"]
PATHS = [*PATIENT_PATHS, "/predict_batch"]
BATCH = {"instances": [EXAMPLE]}
HTML = {"accept": "text/html,*/*;q=0.8"}


def body_for(path_: str) -> object:
    return BATCH if path_ == "/predict_batch" else EXAMPLE


def test_it_has_the_shape_of_rfc_9457() -> None:
    response = post("/predict", {**EXAMPLE, "AGE": 130})
    problem = read(response, 400)
    assert problem.pop("transaction_id") == response["X-Transaction-ID"]
    assert problem == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "AGE: 130 is above the highest allowed, 120 years.",
        "instance": "/predict",
        "errors": [
            {
                "field": "AGE",
                "value": "130",
                "reason": "above_limit",
                "limit": 120,
                "unit": "years",
                "detail": "AGE: 130 is above the highest allowed, 120 years.",
            }
        ],
    }


def test_it_is_sent_as_a_problem() -> None:
    assert post("/predict", {})["Content-Type"] == "application/problem+json"


def test_an_answer_is_not_sent_as_a_problem() -> None:
    assert post("/predict", EXAMPLE)["Content-Type"] == "application/json"


@pytest.mark.parametrize("url", PATHS)
@pytest.mark.parametrize("body", [b"", b" ", b"{", b"[]", b"null", b"7", b'"x"', b"[" * 50_000])
def test_a_body_that_is_no_object_is_named_as_the_fault(url: str, body: bytes) -> None:
    assert [field for field, _reason in reasons(post(url, body))] == ["body"]


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "1e400", "1" + "0" * 400, "true", "[52]", '{"a": 1}', '"x"', "null"]
)
def test_a_value_that_is_no_number_is_named(text: str) -> None:
    body = dumps(EXAMPLE).replace(b'"AGE":52', f'"AGE":{text}'.encode())
    assert [field for field, _reason in reasons(post("/predict", body))] == ["AGE"]


@pytest.mark.parametrize("url", PATIENT_PATHS)
def test_a_body_of_2_mb_is_too_large_for_one_patient(url: str) -> None:
    assert read(post(url, b" " * 2_000_000), 413)["status"] == 413


@pytest.mark.parametrize("url", PATHS)
@pytest.mark.parametrize("kind", ["text/plain", "text/csv", "application/xml", ""])
def test_another_content_type_is_refused(client: Client, url: str, kind: str) -> None:
    assert client.post(url, b"AGE=52", content_type=kind, headers=JSON).status_code == 415


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, identity"])
def test_a_compressed_body_is_refused(coding: str) -> None:
    assert post("/predict", EXAMPLE, **{"Content-Encoding": coding}).status_code == 415


@pytest.mark.parametrize(
    ("charset", "status"), [("utf-8", 200), ("UTF-8", 200), ("latin-1", 415), ("utf-16", 415)]
)
def test_a_body_is_utf_8(client: Client, charset: str, status: int) -> None:
    kind = f"application/json; charset={charset}"
    response = client.post("/predict", dumps(EXAMPLE), content_type=kind, headers=JSON)
    assert response.status_code == status


def test_a_body_shorter_than_declared_is_refused() -> None:
    whole = dumps(EXAMPLE)
    response: Any = Client().generic(
        "POST", "/predict", whole[:-20], "application/json", headers=JSON
    )
    assert reasons(response) == [("body", "not_json")]


@pytest.mark.parametrize("length", ["", "0", "-5", "many"])
def test_a_length_that_says_nothing_is_an_empty_body(length: str) -> None:
    response: Any = Client().generic(
        "POST", "/predict", dumps(EXAMPLE), "application/json", headers=JSON, CONTENT_LENGTH=length
    )
    assert reasons(response) == [("body", "empty")]


def test_a_body_of_undeclared_length_needs_one() -> None:
    response: Any = Client().generic(
        "POST",
        "/predict",
        dumps(EXAMPLE),
        "application/json",
        headers=JSON | {"transfer-encoding": "chunked"},
        CONTENT_LENGTH="",
    )
    assert read(response, 411)["status"] == 411


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
@pytest.mark.parametrize("url", PATHS)
def test_another_method_is_refused(client: Client, url: str, method: str) -> None:
    response = getattr(client, method)(url, headers=JSON)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"


def test_another_format_is_refused() -> None:
    assert post("/predict", EXAMPLE, accept="application/xml").status_code == 406


def test_the_text_of_a_refusal_names_fields_only() -> None:
    text = str(Refused.of(Refusal("AGE", "above_limit", "130"), Refusal("Jo Doe", "unknown_field")))
    assert text == "Refused: AGE."


# --- Who may predict ----------------------------------------------------------
@pytest.mark.parametrize("url", PATHS)
def test_it_is_open_where_predictions_are_public(settings: Settings, url: str) -> None:
    settings.PUBLIC_PREDICTIONS = True
    assert post(url, body_for(url)).status_code == 200


@pytest.mark.parametrize("url", PATHS)
def test_it_asks_strangers_to_sign_in_otherwise(settings: Settings, url: str) -> None:
    settings.PUBLIC_PREDICTIONS = False
    response = post(url, body_for(url))
    assert read(response, 401)["status"] == 401
    assert response["WWW-Authenticate"] == "Token"


@pytest.mark.django_db
@pytest.mark.parametrize("url", PATHS)
def test_it_is_open_to_who_is_signed_in(settings: Settings, client: Client, url: str) -> None:
    settings.PUBLIC_PREDICTIONS = False
    client.force_login(User.objects.create_user("nurse"))
    response = client.post(url, dumps(body_for(url)), content_type="application/json")
    assert response.status_code == 200


@pytest.mark.django_db
def test_a_session_needs_its_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True, headers=JSON)
    client.force_login(User.objects.create_user("nurse"))
    response: Any = client.post("/predict", dumps(EXAMPLE), content_type="application/json")
    assert read(response, 403)["status"] == 403


@pytest.mark.django_db
def test_a_session_s_form_of_many_megabytes_is_too_large() -> None:
    client = Client(enforce_csrf_checks=True, headers=JSON)
    client.force_login(User.objects.create_user("nurse"))
    # With the cookie Django looks for the token in the body, before the view sees it.
    client.cookies["csrftoken"] = "c" * 32
    kind = "application/x-www-form-urlencoded"
    response: Any = client.post("/predict", b"AGE=" + b"5" * 3_000_000, content_type=kind)
    assert read(response, 413)["status"] == 413


@pytest.mark.django_db
def test_a_wrong_token_is_refused() -> None:
    assert post("/predict", EXAMPLE, Authorization="Token nonsense").status_code == 401
