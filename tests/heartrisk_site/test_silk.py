"""django-silk behind ENABLE_SILK: for staff, and without health data."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from django.test import Client

from tests.conftest import Valkey
from tests.predictions.patients import COMPLETE
from tests.site import Site

PASSWORD = "a password for this test only"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, static_files: object, _session_valkey: Valkey
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("silk")
    # DEBUG, as `make dev` has it: silk's own static files need no collecting.
    server = Site(folder, REDIS_URL=_session_valkey.url, ENABLE_SILK="true", DEBUG="true")
    server.start()
    server.add_user("staff", PASSWORD, staff=True)
    server.add_user("nurse", PASSWORD, staff=False)
    yield server
    server.stop()


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers=HTML, follow_redirects=True) as client:
        yield client


def sign_in(browser: httpx.Client, name: str) -> None:
    token = TOKEN.search(browser.get("/login/").text)
    assert token is not None
    form = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token.group(1)}
    browser.post("/login/", data=form)


def test_it_sends_strangers_to_sign_in(browser: httpx.Client) -> None:
    assert browser.get("/silk/").url.path == "/login/"


def test_it_is_closed_to_who_is_not_staff(browser: httpx.Client) -> None:
    sign_in(browser, "nurse")
    assert browser.get("/silk/").status_code == 403


def test_it_is_open_to_staff(browser: httpx.Client) -> None:
    sign_in(browser, "staff")
    page = browser.get("/silk/")
    assert (page.status_code, page.url.path) == (200, "/silk/")


def test_it_keeps_no_health_data(browser: httpx.Client, site: Site) -> None:
    token = TOKEN.search(browser.get("/").text)
    assert token is not None
    typed = COMPLETE | {"BMI": "33.3217", "csrfmiddlewaretoken": token.group(1)}
    assert "33.3217" in browser.post("/", data=typed).text
    browser.post("/predict", json=COMPLETE | {"BMI": 33.3217})
    with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database:
        kept = "\n".join(database.iterdump())
    assert "silk_request" in kept
    assert "/predict" in kept
    assert "33.3217" not in kept


def test_it_is_not_there_without_enable_silk(client: Client) -> None:
    assert client.get("/silk/").status_code == 404
