"""axe-core's rules, and no page wider than its screen, on every monitoring page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import RULES
from tests.browser.watching import OpenMonitoring, ask, open_monitoring, signed_in
from tests.site import Site

__all__ = ["open_monitoring", "signed_in"]

pytestmark = pytest.mark.browser

PAGES = [
    "?range=15m",
    "transactions?from=x",
    "transactions",
    "transactions/one",
    "transactions/nobody",
    "alerts",
    "drift",
]


def show(open_monitoring: OpenMonitoring, site: Site, path: str, **how: object) -> Page:
    """With traffic, and everything opened that can be."""
    last = ask(site, 3, BMI=None)
    page = open_monitoring(path.replace("one", last), **how)
    if path == "drift":
        page.get_by_role("button", name="Compare the last 24 hours now").click()
        expect(page.get_by_role("heading", name="Reports")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    return page


@pytest.mark.parametrize("path", PAGES)
def test_it_breaks_no_rule(open_monitoring: OpenMonitoring, site: Site, path: str) -> None:
    page = show(open_monitoring, site, path, reduced_motion="reduce")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        broken = [
            (scheme, violation["id"], [node["html"] for node in violation["nodes"]])
            for violation in found.response["violations"]
        ]
        assert broken == []


@pytest.mark.parametrize("path", PAGES)
def test_it_never_scrolls_sideways(open_monitoring: OpenMonitoring, site: Site, path: str) -> None:
    page = show(open_monitoring, site, path)
    for width in (360, 390, 820, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_its_text_is_as_large_on_a_phone(open_monitoring: OpenMonitoring, site: Site) -> None:
    page = show(open_monitoring, site, "")
    sizes = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        tick = page.locator(".plot .tick").first
        sizes.append(tick.evaluate("tick => tick.getBoundingClientRect().height"))
    assert sizes[0] == pytest.approx(sizes[1], abs=1)
    assert sizes[0] > 10
