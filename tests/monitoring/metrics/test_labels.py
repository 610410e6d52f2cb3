"""Labels from fixed sets."""

import pytest
from django.test import RequestFactory
from django.urls import resolve

from monitoring.metrics.labels import NOT_PROFILED, method_of, path_of
from predictions import profiling

REQUESTS = RequestFactory()


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("/", "/"),
        ("/predict", "/predict"),
        ("/health/live", "/health/live"),
        ("/admin/auth/user/7/change/", "/admin/"),
        ("/admin/no/such/page/", "/admin/"),
    ],
)
def test_the_path_is_the_url_pattern(asked: str, label: str) -> None:
    request = REQUESTS.get(asked)
    request.resolver_match = resolve(asked)
    assert path_of(request) == label


def test_a_path_that_nothing_answers_is_other() -> None:
    assert path_of(REQUESTS.get("/patients/jones")) == "other"


@pytest.mark.parametrize(("asked", "label"), [("POST", "POST"), ("JONES", "other")])
def test_a_method_that_http_does_not_know_is_other(asked: str, label: str) -> None:
    assert method_of(REQUESTS.generic(asked, "/")) == label


def test_each_reason_not_to_profile_has_a_word() -> None:
    assert NOT_PROFILED.keys() == {
        profiling.BUSY,
        profiling.MIXED,
        profiling.NO_VIEW,
        profiling.TOOL_TAKEN,
    }
