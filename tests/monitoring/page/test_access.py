"""Who may see the pages under /monitoring/."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("valkey", "no_elasticsearch", "db", "static_files")

PAGES = [
    "/monitoring/",
    "/monitoring/transactions",
    "/monitoring/transactions/x",
    "/monitoring/drift",
    "/monitoring/drift/1",
    "/monitoring/alerts",
]
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("page", PAGES)
def test_it_leads_a_stranger_to_sign_in_and_back(client: Client, page: str) -> None:
    assert client.get(page).headers["Location"] == f"/login/?next={page}"


@pytest.mark.parametrize("page", PAGES)
def test_it_is_not_open_to_who_is_not_staff(client: Client, page: str) -> None:
    client.force_login(User.objects.create_user("nurse"))
    assert client.get(page, headers=HTML).status_code == 403


def test_a_comparison_is_made_by_staff_only(client: Client) -> None:
    client.force_login(User.objects.create_user("nurse"))
    assert client.post("/monitoring/drift/compare", headers=HTML).status_code == 403


def test_a_page_that_refreshes_itself_is_told_that_its_user_has_signed_out(client: Client) -> None:
    response = client.get("/monitoring/", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert "This page is not open to you" in text_of(response.content)


@pytest.mark.parametrize("page", PAGES)
def test_no_cache_keeps_a_page(staff: Client, page: str) -> None:
    response = staff.get(page)
    # There is no drift report: Django's own 404.
    assert page == "/monitoring/drift/1" or response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_only_looked_at(staff: Client, page: str) -> None:
    assert staff.post(page).status_code == 405


def test_its_way_is_shown_to_staff_only(staff: Client, client: Client) -> None:
    assert 'href="/monitoring/"' in staff.get("/").content.decode()
    client.force_login(User.objects.create_user("nurse"))
    assert 'href="/monitoring/"' not in client.get("/", headers=HTML).content.decode()
