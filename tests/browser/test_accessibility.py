"""axe-core's rules of WCAG 2.2 AA, contrast included, on every state of every page."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_form_page import calculate, fill

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def show_empty(page: Page) -> None:
    """The form as it comes."""


def show_errors(page: Page) -> None:
    fill(page)
    page.get_by_label("Age", exact=True).fill("abc")
    calculate(page)
    expect(page.get_by_role("alert")).to_be_visible()


def show_result(page: Page) -> None:
    """With warnings and imputed values."""
    fill(page)
    page.get_by_label("Age", exact=True).fill("90")
    calculate(page)
    expect(page.locator("#answer")).to_be_visible()


def show_sign_in(page: Page) -> None:
    page.get_by_role("link", name="Sign in").click()


def show_missing(page: Page) -> None:
    page.goto(f"{page.url}nothing-here")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("show", [show_empty, show_errors, show_result, show_sign_in, show_missing])
def test_it_breaks_no_rule(
    open_page: OpenPage, show: Callable[[Page], None], color_scheme: str
) -> None:
    page = open_page(color_scheme=color_scheme, reduced_motion="reduce")
    show(page)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found.response["violations"]
    ] == []
