"""The OpenAPI schema is true: requests generated from it get the answers it names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from rest_framework.authtoken.models import Token
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from predictions.risk.predictor import get_predictor
from tests.conftest import Valkey

api = schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
# What a schema cannot say may be refused: that DIA_BP is below SYS_BP, that cigarettes
# need a smoker, that a number written as text is within its limits; and which ids the
# stream has given out.
MORE_RULES_THAN_THE_SCHEMA = {"/predict", "/predict_proba", "/logs_api/ack"}
OPERATIONS = [found.ok() for found in api.get_all_operations() if isinstance(found, Ok)]
# An operation without parameters and body has nothing that could be wrong.
CASES = [
    pytest.param(operation, mode, id=f"{operation.label}, {mode.value}")
    for operation in OPERATIONS
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode.is_positive or operation.query or operation.body
]


@pytest.fixture
def staff_token(db: None) -> str:
    user = User.objects.create_user("staff", is_staff=True)
    return str(Token.objects.create(user=user).key)


@pytest.fixture(scope="module", autouse=True)
def _loaded_model() -> None:
    # The first load takes longer than a health check waits.
    get_predictor()


# Not by `api.parametrize()`: with this pytest its tests all have one name, and pytest-xdist
# runs one of each name.
@pytest.fixture
def one_connection() -> Iterator[None]:
    """The end of a request would close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(("operation", "mode"), CASES)
@hypothesis_settings(
    max_examples=100,
    # One user and one Valkey serve all the requests of an operation.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=strategies.data())
def test_it_answers_generated_requests_as_the_schema_says(
    operation: Any,
    mode: GenerationMode,
    data: strategies.DataObject,
    valkey: Valkey,
    staff_token: str,
) -> None:
    case = data.draw(operation.as_strategy(generation_mode=mode))
    beyond = operation.path in MORE_RULES_THAN_THE_SCHEMA
    excluded = [positive_data_acceptance] if beyond else []
    case.call_and_validate(
        headers={"Authorization": f"Token {staff_token}"}, excluded_checks=excluded
    )


def test_it_is_valid_and_complete(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "api.yaml"))


def test_it_says_that_predicting_is_open_where_it_is(settings: Settings) -> None:
    settings.PUBLIC_PREDICTIONS = True
    assert {} in security_of("/predict")


def test_it_says_that_predicting_needs_credentials_where_it_does(settings: Settings) -> None:
    settings.PUBLIC_PREDICTIONS = False
    assert {} not in security_of("/predict")


def test_it_gives_each_field_its_unit_limits_and_example(client: Client) -> None:
    age = schema_of(client)["components"]["schemas"]["Patient"]["properties"]["AGE"]
    assert (age["x-unit"], age["anyOf"][0]["maximum"], age["examples"]) == ("years", 120, [52])


def test_its_docs_page_loads_nothing_from_elsewhere(client: Client, static_files: Path) -> None:
    page = client.get("/api/docs/", headers={"accept": "text/html"}).content.decode()
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


def schema_of(client: Client) -> dict[str, Any]:
    schema: dict[str, Any] = orjson.loads(client.get("/api/schema/?format=json").content)
    return schema


def security_of(path: str) -> list[dict[str, Any]]:
    security: list[dict[str, Any]] = schema_of(Client())["paths"][path]["post"]["security"]
    return security


def test_it_sums_up_every_operation(client: Client) -> None:
    paths = schema_of(client)["paths"].values()
    assert [o["operationId"] for p in paths for o in p.values() if not o.get("summary")] == []
