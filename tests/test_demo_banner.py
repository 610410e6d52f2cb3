"""Every page of a demonstration says that its people are invented; no other site's page does."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("static_files", "valkey", "db")

SAID = "Demonstration: these visits are invented"
HTML = {"Accept": "text/html"}
PAGES = ["/", "/admin/", "/predict", "/nowhere"]


@pytest.fixture
def signed_in(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def shown(client: Client, page: str) -> str:
    return text_of(client.get(page, headers=HTML).content)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_demonstration_says_so(
    signed_in: Client, settings: Settings, page: str
) -> None:
    settings.DEMO = True
    assert SAID in shown(signed_in, page)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_another_site_does(signed_in: Client, page: str) -> None:
    assert "Demonstration" not in shown(signed_in, page)
