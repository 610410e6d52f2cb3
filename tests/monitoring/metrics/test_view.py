"""Who may read /metrics, and in which format."""

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from rest_framework.authtoken.models import Token

from monitoring.metrics import view
from monitoring.metrics.collector import StateCollector

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _closed(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a public address; the sources have tests of their own."""
    settings.PUBLIC_METRICS = False
    monkeypatch.setattr(view, "_STATE", StateCollector({}))


def user(name: str, *, staff: bool) -> User:
    return User.objects.create_user(name, password="x", is_staff=staff)


def ask(client: Client | None = None, **headers: str) -> HttpResponse:
    # A plain HttpResponse, as the other tests have it.
    answer: HttpResponse = (client or Client()).get("/metrics", headers=headers)  # type: ignore[assignment]
    return answer


def test_everybody_may_read_it_where_it_is_public(settings: LazySettings) -> None:
    settings.PUBLIC_METRICS = True
    assert ask().status_code == 200


def test_a_stranger_is_told_to_say_who_they_are() -> None:
    answer = ask()
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["Token", "Bearer"])
def test_a_token_of_staff_opens_it(kind: str) -> None:
    token = Token.objects.create(user=user("prometheus", staff=True))
    assert ask(Authorization=f"{kind} {token.key}").status_code == 200


def test_a_token_that_nobody_has_is_refused() -> None:
    answer = ask(Authorization="Bearer 0123456789")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize(("staff", "status"), [(True, 200), (False, 403)])
def test_a_session_opens_it_for_staff_only(staff: bool, status: int) -> None:
    client = Client()
    client.force_login(user("somebody", staff=staff))
    assert ask(client).status_code == status


def test_it_says_so_where_the_database_cannot_tell_who_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError

    monkeypatch.setattr(view, "_token_user", away)
    assert ask(Authorization="Bearer 0123456789").status_code == 503


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("", "text/plain; version=0.0.4; charset=utf-8"),
        (
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
            "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
        ),
    ],
)
def test_the_format_is_the_one_that_is_accepted(
    accepted: str, given: str, settings: LazySettings
) -> None:
    settings.PUBLIC_METRICS = True
    assert ask(Accept=accepted)["Content-Type"] == given


@pytest.mark.parametrize(("method", "status"), [("post", 405), ("head", 200)])
def test_it_is_only_read(method: str, status: int, settings: LazySettings) -> None:
    settings.PUBLIC_METRICS = True
    assert getattr(Client(), method)("/metrics").status_code == status


def test_no_cache_keeps_it(settings: LazySettings) -> None:
    settings.PUBLIC_METRICS = True
    assert ask()["Cache-Control"] == "no-store"
