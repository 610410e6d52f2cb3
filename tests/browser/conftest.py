"""A real server and the system's Chromium."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import Valkey
from tests.site import Site
from tools.screenshot import CHROMIUM_FLAGS

CHROMIUM = shutil.which("chromium")

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, static_files: object, _session_valkey: Valkey
) -> Iterator[Site]:
    server = Site(tmp_path_factory.mktemp("site"), REDIS_URL=_session_valkey.url)
    server.start()
    yield server
    server.stop()


# Not for the session: while Playwright is there, Django believes itself in an event loop
# and refuses the database to every later test.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("NOT TESTED IN A BROWSER: there is no chromium on the PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[OpenPage]:
    """Opens the form in a window of its own; the keywords are Playwright's ``new_context``'s."""
    contexts = []

    def opened(**settings: Any) -> Page:
        context = chromium.new_context(**{"locale": "en-GB", **settings})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(site.url)
        return page

    yield opened
    for context in contexts:
        context.close()
