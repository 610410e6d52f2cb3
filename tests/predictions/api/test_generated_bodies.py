"""10,000 generated bodies: never a 5xx, and each 400 names a field."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from predictions.features import EXAMPLE
from tests.predictions.api.client import JSON, read
from tests.predictions.strategies import ANYTHING, near_patients

PATHS = ("/predict", "/predict_proba", "/predict_batch")

nonsense = st.recursive(
    ANYTHING,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_patient = json.dumps(EXAMPLE).encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A right body with some bytes cut out and others put in."""
    start = draw(st.integers(0, len(_patient)))
    end = draw(st.integers(start, min(len(_patient), start + 20)))
    return _patient[:start] + draw(st.binary(max_size=8)) + _patient[end:]


def as_json(value: object) -> bytes:
    """NaN, Infinity and lone surrogates are written as Python writes them."""
    return json.dumps(value).encode()


def in_batch(patients: list[Any]) -> object:
    return {"instances": patients}


KINDS: dict[str, tuple[st.SearchStrategy[bytes], int]] = {
    "bytes": (st.binary(max_size=64), 1500),
    "damaged patients": (damaged(), 2500),
    "any JSON": (nonsense.map(as_json), 1500),
    "nearly right patients": (near_patients.map(as_json), 3000),
    "batches": (st.lists(near_patients | ANYTHING, max_size=3).map(in_batch).map(as_json), 1500),
}


def test_they_are_ten_thousand() -> None:
    assert sum(count for _bodies, count in KINDS.values()) == 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_it_answers_any_body_and_names_a_field_of_what_it_refuses(
    kind: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    # The profiler and the lines on stderr would take most of the time.
    settings.ENABLE_PERFORMANCE_MONITORING = False
    caplog.set_level("ERROR", "django.request")
    # One client for all, because a new one loads the middleware again.
    client = Client(raise_request_exception=False, headers=JSON)
    bodies, count = KINDS[kind]

    @hypothesis_settings(max_examples=count)
    @given(bodies, st.sampled_from(PATHS))
    def check(body: bytes, path: str) -> None:
        response: Any = client.post(path, body, content_type="application/json")
        assert response.status_code in {200, 400}
        if response.status_code == 400:
            assert all(error["field"] for error in read(response, 400)["errors"])

    check()
