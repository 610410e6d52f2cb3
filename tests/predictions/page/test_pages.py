"""The pages around the form: signing in and out, and messages in the site's own design."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory
from django.utils import translation

from predictions.error_pages import bad_request, permission_denied, server_error
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("static_files", "valkey", "db")

HTML = {"Accept": "text/html"}
PASSWORD = "correct horse battery staple"


@pytest.fixture
def nurse(db: None) -> User:
    return User.objects.create_user("nurse", password=PASSWORD)


def sign_in(client: Client, password: str, following: str = "") -> str:
    """Where the browser is afterwards; "" where it still is."""
    form = {"username": "nurse", "password": password, "next": following}
    return str(client.post("/login/", form).headers.get("Location", ""))


@pytest.mark.usefixtures("nurse")
@pytest.mark.parametrize(
    ("following", "place"), [("", "/"), ("/api/docs/", "/api/docs/"), ("https://evil.example", "/")]
)
def test_it_leads_on_after_signing_in(client: Client, following: str, place: str) -> None:
    assert sign_in(client, PASSWORD, following) == place


@pytest.mark.usefixtures("nurse")
def test_it_says_that_the_password_is_wrong(client: Client) -> None:
    assert sign_in(client, "wrong") == ""
    response = client.post("/login/", {"username": "nurse", "password": "wrong"})
    assert "Please enter a correct username and password." in text_of(response.content)


def test_it_signs_out_by_a_button(client: Client, nurse: User) -> None:
    client.force_login(nurse)
    assert "Sign out" in text_of(client.get("/", headers=HTML).content)
    client.post("/logout/")
    assert "Sign in" in text_of(client.get("/", headers=HTML).content)


@pytest.mark.parametrize("staff", [True, False])
def test_it_shows_the_way_to_the_admin_to_staff_only(
    client: Client, nurse: User, staff: bool
) -> None:
    nurse.is_staff = staff
    nurse.save()
    client.force_login(nurse)
    assert ("Administration" in text_of(client.get("/", headers=HTML).content)) is staff


def test_it_says_in_its_own_design_that_there_is_no_page(client: Client) -> None:
    response = client.get("/nothing", headers=HTML)
    assert response.status_code == 404
    assert "There is no such page" in text_of(response.content)


def test_it_says_so_in_french(client: Client) -> None:
    page = text_of(client.get("/nothing", headers=HTML | {"Accept-Language": "fr"}).content)
    assert "Cette page n’existe pas" in page


def test_it_says_that_it_did_not_understand() -> None:
    response = bad_request(RequestFactory().get("/", headers=HTML), SuspiciousOperation())
    assert response.status_code == 400
    assert "This request could not be understood" in text_of(response.content)


def test_it_says_that_a_page_is_closed() -> None:
    response = permission_denied(RequestFactory().get("/", headers=HTML), PermissionDenied())
    assert response.status_code == 403
    assert "This page is not open to you" in text_of(response.content)


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Something went wrong on our side"), ("fr", "Une erreur s’est produite")],
)
def test_it_owns_up_to_an_error_of_its_own(language: str, title: str) -> None:
    with translation.override(language):
        response = server_error(RequestFactory().get("/", headers=HTML))
    assert response.status_code == 500
    assert title in text_of(response.content)
