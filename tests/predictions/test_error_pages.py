"""Errors that Django answers itself."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import path
from pytest_django import Settings
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from predictions.features import EXAMPLE
from tests.predictions.api.client import JSON, post, read

HTML = {"accept": "text/html,*/*;q=0.8"}
pytestmark = pytest.mark.usefixtures("valkey")


def test_an_unknown_path_is_a_problem(client: Client) -> None:
    response: Any = client.get("/nothing", headers=JSON)
    assert response["Content-Type"] == "application/problem+json"
    assert "transaction_id" not in read(response, 404)


@pytest.mark.usefixtures("static_files")
@pytest.mark.django_db
def test_an_unknown_path_is_a_page_for_a_browser(client: Client) -> None:
    response = client.get("/nothing", headers=HTML)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_a_host_that_is_not_ours_is_a_problem(client: Client) -> None:
    response: Any = client.get("/", headers=JSON | {"host": "elsewhere.example"})
    assert read(response, 400)["status"] == 400


@pytest.mark.usefixtures("static_files")
def test_a_host_that_is_not_ours_is_a_page_for_a_browser(client: Client) -> None:
    response = client.get("/", headers=HTML | {"host": "elsewhere.example"})
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/html")


def test_a_form_without_its_csrf_token_is_a_problem() -> None:
    response: Any = Client(enforce_csrf_checks=True).post("/", {}, headers=JSON)
    assert read(response, 403)["detail"].startswith("The form has expired")


def test_an_unforeseen_error_keeps_its_text_to_itself(
    settings: Settings, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    response: Any = client.get("/", headers=JSON)
    problem = read(response, 500)
    assert "secret" not in response.content.decode()
    assert problem["transaction_id"] in caplog.text


def test_an_unforeseen_error_of_a_view_keeps_its_text_to_itself(
    settings: Settings, client: Client
) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    response: Any = client.get("/view", headers=JSON)
    assert read(response, 500)["detail"] == "Something went wrong here. It has been logged."


def test_what_a_view_may_not_show_is_a_problem(settings: Settings, client: Client) -> None:
    settings.ROOT_URLCONF = __name__
    response: Any = client.get("/view?forbidden", headers=JSON)
    assert "secret" not in read(response, 403)["detail"]


def test_a_format_that_is_not_there_is_a_problem() -> None:
    assert read(post("/predict?format=xml", EXAMPLE), 404)["status"] == 404


def test_a_forbidden_page_is_a_problem(settings: Settings, client: Client) -> None:
    settings.ROOT_URLCONF = __name__
    response: Any = client.get("/forbidden", headers=JSON)
    assert read(response, 403)["status"] == 403


def test_an_unforeseen_error_of_a_logged_path_has_the_log_s_id(
    settings: Settings, client: Client
) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    response: Any = client.post("/predict", headers=JSON)
    assert read(response, 500)["transaction_id"] == response["X-Transaction-ID"]


# --- A site with faults, for the tests above ----------------------------------
def _fails(request: Any) -> Any:
    raise RuntimeError("secret")


def _forbids(request: Any) -> Any:
    raise PermissionDenied("secret")


class _View(APIView):
    permission_classes = (AllowAny,)

    def get(self, request: Any) -> Any:
        raise PermissionDenied("secret") if "forbidden" in request.GET else RuntimeError("secret")


handler403 = "predictions.error_pages.permission_denied"
handler500 = "predictions.error_pages.server_error"
urlpatterns = [
    path("", _fails),
    path("predict", _fails),
    path("forbidden", _forbids),
    path("view", _View.as_view()),
]
