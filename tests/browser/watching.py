"""The monitoring pages in a browser: traffic, and somebody of the staff who looks at them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, Final

import httpx
import orjson
import pytest
from playwright.sync_api import Browser, Page

from predictions.features import EXAMPLE
from tests.conftest import Valkey
from tests.site import Site
from tests.waiting import wait_until_delivered

PASSWORD: Final = "correct horse battery staple"
OpenMonitoring = Callable[..., Page]


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, site: Site) -> Any:
    """What a browser keeps of somebody of the staff who has signed in."""
    name = f"watcher-{id(chromium)}"
    site.add_user(name, PASSWORD, staff=True)
    with closing(chromium.new_context()) as context:
        page = context.new_page()
        page.goto(f"{site.url}/login/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{site.url}/")
        return context.storage_state()


@pytest.fixture
def open_monitoring(
    chromium: Browser, site: Site, signed_in: Any, valkey: Valkey
) -> Iterator[OpenMonitoring]:
    """Opens ``/monitoring/`` and what follows it; the keywords are ``new_context``'s.

    ``frozen``: the page's clock stands still until the test moves it.
    """
    contexts = []

    def opened(path: str = "", *, frozen: bool = False, **settings: Any) -> Page:
        context = chromium.new_context(
            **{"locale": "en-GB", "storage_state": signed_in, **settings}
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        if frozen:
            page.clock.install()
        page.goto(f"{site.url}/monitoring/{path}")
        return page

    yield opened
    for context in contexts:
        context.close()


def ask(site: Site, times: int = 1, **inputs: object) -> str:
    """Predictions of the example person, unless something else is given; the last one's id.

    They are in the log afterwards, where the pages look.
    """
    body = orjson.dumps({**EXAMPLE, **inputs})
    headers = {"Content-Type": "application/json"}
    for _ in range(times):
        answer = httpx.post(f"{site.url}/predict", content=body, headers=headers, timeout=30)
    wait_until_delivered(site.folder)
    return str(answer.headers["X-Transaction-ID"])
