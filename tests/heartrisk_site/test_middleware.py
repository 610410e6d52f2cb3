"""What a program's call does not pass through, and that nobody can tell from the answers."""

import subprocess
import sys

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from heartrisk_site.middleware import is_from_program
from predictions.features import EXAMPLE
from predictions.transaction import Transaction, transaction_of
from tests.predictions.api.client import post, read
from tools.clean_environment import clean_environment

pytestmark = pytest.mark.usefixtures("static_files")

HTML = {"accept": "text/html"}
CORS = "corsheaders.middleware.CorsMiddleware"


@pytest.fixture
def requests_seen(monkeypatch: pytest.MonkeyPatch) -> list[HttpRequest]:
    """The requests that reach /predict, as Django's view gets them."""
    seen: list[HttpRequest] = []

    def noting(request: HttpRequest) -> Transaction:
        seen.append(request)
        return transaction_of(request)

    monkeypatch.setattr("predictions.api.views.transaction_of", noting)
    return seen


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/predict", {}, True),
        ("/predict", {"accept": "application/json"}, True),
        ("/predict", {"accept": "text/html,*/*"}, False),
        ("/predict", {"cookie": "sessionid=1"}, False),
        ("/", {}, False),
        ("/admin/", {}, False),
    ],
)
def test_a_program_calls_the_api_without_a_cookie(
    path: str, headers: dict[str, str], expected: bool
) -> None:
    assert is_from_program(RequestFactory().post(path, headers=headers)) is expected


def test_a_program_has_no_session(requests_seen: list[HttpRequest]) -> None:
    assert post("/predict", EXAMPLE).status_code == 200
    assert [hasattr(each, "session") for each in requests_seen] == [False]


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"cookie": "theme=dark"}, HTML])
def test_a_browser_has_one(requests_seen: list[HttpRequest], headers: dict[str, str]) -> None:
    assert post("/predict", EXAMPLE, **headers).status_code == 200
    assert [hasattr(each, "session") for each in requests_seen] == [True]


@pytest.mark.django_db
def test_both_get_the_same_answer() -> None:
    answers = [post("/predict", EXAMPLE, **headers) for headers in ({}, {"cookie": "theme=dark"})]
    program, browser = (read(answer) | {"transaction_id": ""} for answer in answers)
    assert program == browser
    assert answers[0]["Vary"] == answers[1]["Vary"] == "Accept, Accept-Language, Cookie"
    assert answers[0]["X-Frame-Options"] == answers[1]["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("headers", [{}, HTML])
def test_a_host_that_is_not_ours_is_refused(headers: dict[str, str]) -> None:
    assert post("/predict", EXAMPLE, host="elsewhere.example", **headers).status_code == 400


def test_each_request_has_its_own_language() -> None:
    languages = [post("/predict", EXAMPLE, **{"accept-language": "fr"}), post("/predict", EXAMPLE)]
    assert [each["Content-Language"] for each in languages] == ["fr", "en"]
    assert read(languages[0])["message"] != read(languages[1])["message"]


@pytest.mark.django_db
def test_a_missing_slash_is_added(client: Client) -> None:
    answer = client.get("/monitoring?range=24h")
    assert (answer.status_code, answer["Location"]) == (301, "/monitoring/?range=24h")


def test_other_origins_cost_nothing_where_none_is_listed() -> None:
    assert CORS not in middleware_with(CORS_ALLOWED_ORIGINS="")
    assert CORS in middleware_with(CORS_ALLOWED_ORIGINS="https://clinic.example")


def middleware_with(**variables: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", "from heartrisk_site.settings import *; print(MIDDLEWARE)"],
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
