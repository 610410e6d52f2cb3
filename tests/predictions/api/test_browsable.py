"""The API in a browser: every answer has a page, whatever went wrong."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from predictions.api.json import dumps
from predictions.features import EXAMPLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

PATHS = ["/predict", "/predict_proba", "/predict_batch"]


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept": "text/html,*/*;q=0.8"})


@pytest.mark.parametrize("path", [*PATHS, "/health", "/health/live", "/health/ready"])
def test_each_endpoint_has_a_page(browser: Client, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == (200 if path.startswith("/health") else 405)
    assert response["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"AGE": "x"}', b" " * 100_000, b'{"a":1}'])
def test_a_refusal_has_a_page(browser: Client, path: str, body: bytes) -> None:
    response = browser.post(path, body, content_type="application/json")
    assert response.status_code in {400, 413}
    assert "about:blank" in response.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_has_a_page(browser: Client, path: str) -> None:
    body: Any = {"instances": [EXAMPLE]} if path == "/predict_batch" else EXAMPLE
    response = browser.post(path, dumps(body), content_type="application/json")
    assert response.status_code == 200
    assert "model_version" in response.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_who_may_not_predict_has_a_page(browser: Client, settings: Settings, path: str) -> None:
    settings.PUBLIC_PREDICTIONS = False
    response = browser.get(path)
    assert response.status_code == 401
    assert "SYS_BP" not in response.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_the_options_can_be_asked_for(client: Client, path: str) -> None:
    response = client.options(path, headers={"accept": "application/json"})
    assert response.status_code == 200


def test_a_page_without_a_model_says_so(
    browser: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MODEL_PATH = str(tmp_path / "model.pkl")
    response = browser.post("/predict", dumps(EXAMPLE), content_type="application/json")
    assert response.status_code == 503
    assert "no readable model" in response.content.decode()
