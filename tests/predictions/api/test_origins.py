"""Pages of other origins may call the API where they are listed."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from predictions.features import EXAMPLE
from tests.predictions.api.client import post

OURS = "https://clinic.example"


@pytest.fixture(autouse=True)
def listed(settings: Settings) -> None:
    """As settings.py has it where CORS_ALLOWED_ORIGINS is set."""
    settings.CORS_ALLOWED_ORIGINS = [OURS]
    settings.MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *settings.MIDDLEWARE]


def test_a_listed_origin_may_read_the_answer() -> None:
    response = post("/predict", EXAMPLE, origin=OURS)
    assert response["Access-Control-Allow-Origin"] == OURS
    assert "x-transaction-id" in response["Access-Control-Expose-Headers"].lower()


def test_another_origin_may_not() -> None:
    response = post("/predict", EXAMPLE, origin="https://elsewhere.example")
    assert "Access-Control-Allow-Origin" not in response


def test_a_listed_origin_may_send_json_with_a_token(client: Client) -> None:
    asked = {"access-control-request-method": "POST"}
    asked |= {"access-control-request-headers": "authorization,content-type"}
    response = client.options("/predict", headers=asked | {"origin": OURS})
    assert response["Access-Control-Allow-Origin"] == OURS
    assert {"authorization", "content-type"} <= set(
        re.split(", ?", response["Access-Control-Allow-Headers"])
    )


def test_another_origin_may_not_even_ask(client: Client) -> None:
    asked = {"access-control-request-method": "POST", "origin": "https://elsewhere.example"}
    assert "Access-Control-Allow-Origin" not in client.options("/predict", headers=asked)
