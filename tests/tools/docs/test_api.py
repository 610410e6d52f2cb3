"""docs/api.md says what the API answers."""

from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.authtoken.models import Token

from predictions.features import EXAMPLE
from predictions.risk.predictor import get_predictor
from predictions.validation.refusal import SENTENCES
from tests.conftest import Valkey
from tools.docs.api import PAGE, Example, examples, markdown

EXAMPLES = examples(PAGE.read_text(encoding="utf-8"))
PATHS = {
    "/",
    "/health",
    "/health/live",
    "/logs",
    "/logs/stats",
    "/logs_api",
    "/logs_api/ack",
    "/predict",
    "/predict_batch",
    "/predict_proba",
}


@pytest.fixture
def staff(db: None, valkey: Valkey) -> Client:
    get_predictor()
    token = Token.objects.create(user=User.objects.create_user("staff", is_staff=True))
    return Client(headers={"authorization": f"Token {token.key}", "accept": "application/json"})


def shape(value: Any) -> Any:
    """The keys of an answer and of the objects in it; what they hold depends on the moment."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    return None


def test_its_answers_are_what_the_api_says() -> None:
    assert markdown() == PAGE.read_text(encoding="utf-8")


def test_it_has_a_curl_line_for_every_endpoint() -> None:
    assert {example.target.partition("?")[0] for example in EXAMPLES} == PATHS


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.method} {each.target}")
def test_the_shape_of_an_answer_is_the_real_one(staff: Client, example: Example) -> None:
    staff.post("/predict", EXAMPLE, content_type="application/json")
    latest = orjson.loads(staff.get("/logs_api").content)["next"]
    body = example.body.replace("1764000000000-0", latest)
    response = staff.generic(example.method, example.target, body, "application/json")
    assert shape(orjson.loads(response.content)) == shape(orjson.loads(example.answer))


def test_it_explains_every_reason() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [reason for reason in SENTENCES if f"`{reason}`" not in text] == []
