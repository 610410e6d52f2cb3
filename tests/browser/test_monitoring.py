"""The monitoring pages in a real browser: fresh by themselves, by keyboard, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watching import OpenMonitoring, ask, open_monitoring, signed_in
from tests.site import Site

__all__ = ["open_monitoring", "signed_in"]

pytestmark = pytest.mark.browser

EVERY_MS = 10_000


def predictions(page: Page) -> str:
    """The number on the page."""
    return page.locator(".tile", has_text="Predictions").locator(".number").inner_text()


def wait_until_refreshed(page: Page) -> None:
    with page.expect_response(lambda response: "/monitoring/" in response.url):
        page.clock.run_for(EVERY_MS)


def test_it_brings_fresh_numbers_by_itself(open_monitoring: OpenMonitoring, site: Site) -> None:
    ask(site, 2)
    page = open_monitoring("?range=15m", frozen=True)
    assert predictions(page) == "2"
    ask(site, 3)
    wait_until_refreshed(page)
    expect(page.locator(".tile", has_text="Predictions")).to_contain_text("5")


def test_it_refreshes_again_and_again(open_monitoring: OpenMonitoring, site: Site) -> None:
    page = open_monitoring(frozen=True)
    for times in (1, 2):
        ask(site)
        wait_until_refreshed(page)
        expect(page.locator(".tile", has_text="Predictions")).to_contain_text(str(times))


def test_it_leaves_the_reader_where_he_is(open_monitoring: OpenMonitoring, site: Site) -> None:
    ask(site)
    page = open_monitoring(frozen=True)
    numbers = page.locator("#numbers-latency")
    numbers.locator("summary").focus()
    page.keyboard.press("Enter")
    before = page.evaluate("scrollY")
    ask(site)
    wait_until_refreshed(page)
    expect(page.locator(".tile", has_text="Predictions")).to_contain_text("2")
    expect(numbers).to_have_attribute("open", "")
    expect(numbers.locator("summary")).to_be_focused()
    assert page.evaluate("scrollY") == before


def asked_in(page: Page, refreshes: int) -> list[str]:
    """What the page asks for in the time of so many refreshes."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(refreshes * EVERY_MS)
    return [url for url in asked if "/monitoring/" in url]


def test_it_asks_for_nothing_while_nobody_looks(open_monitoring: OpenMonitoring) -> None:
    page = open_monitoring(frozen=True)
    hide = "hidden => Object.defineProperty(document, 'hidden', { value: hidden, writable: true })"
    page.evaluate(hide, True)
    assert asked_in(page, 3) == []
    page.evaluate("document.hidden = false")
    assert len(asked_in(page, 1)) == 1


def test_it_stops_where_it_is_asked_to(open_monitoring: OpenMonitoring) -> None:
    page = open_monitoring(frozen=True)
    page.get_by_role("link", name="Stop refreshing").click()
    page.wait_for_url(re.compile("live=off"))
    assert asked_in(page, 3) == []
    page.get_by_role("link", name="Refresh by itself again").click()
    expect(page.get_by_role("link", name="Stop refreshing")).to_be_visible()


def test_it_says_when_the_site_cannot_be_reached(open_monitoring: OpenMonitoring) -> None:
    page = open_monitoring(frozen=True)
    page.context.set_offline(True)
    page.clock.run_for(EVERY_MS)
    message = page.get_by_text("these numbers are not fresh any more")
    expect(message).to_be_visible()
    page.context.set_offline(False)
    wait_until_refreshed(page)
    expect(message).to_be_hidden()


def test_it_says_when_its_reader_is_signed_out(open_monitoring: OpenMonitoring) -> None:
    page = open_monitoring(frozen=True)
    page.context.clear_cookies()
    page.clock.run_for(EVERY_MS)
    expect(page.get_by_text("This page is not open to you")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no javascript"])
def test_the_time_is_chosen_by_keyboard(open_monitoring: OpenMonitoring, scripts: bool) -> None:
    page = open_monitoring(java_script_enabled=scripts)
    page.get_by_role("link", name="15 minutes").focus()
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(re.compile(r"\?range=24h$"))
    chosen = page.get_by_role("link", name="24 hours")
    expect(chosen).to_have_attribute("aria-current", "true")


def test_a_time_of_ones_own_is_shown(open_monitoring: OpenMonitoring) -> None:
    page = open_monitoring()
    page.locator("#range-custom-summary").press("Enter")
    page.get_by_label("From (UTC)").fill("2026-11-24T10:00:00")
    page.get_by_label("To (UTC)").fill("2026-11-24T11:00:00")
    page.get_by_label("To (UTC)").press("Enter")
    page.wait_for_url(re.compile("from="))
    expect(page.locator(".sources")).to_contain_text(
        "2026-11-24 10:00:00 to 2026-11-24 11:00:00 UTC"
    )
    expect(page.get_by_label("From (UTC)")).to_have_value(re.compile("^2026-11-24T10:00"))


@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no javascript"])
def test_a_transaction_is_searched_for_and_shown(
    open_monitoring: OpenMonitoring, site: Site, scripts: bool
) -> None:
    refused = ask(site, AGE=400)
    ask(site)
    page = open_monitoring("transactions", java_script_enabled=scripts)
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Transaction id").fill(refused)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.wait_for_url(re.compile(f"id={refused}"))
    page.get_by_role("link", name=refused).click()
    expect(page.get_by_role("heading", name="Refused")).to_be_visible()
    expect(page.locator("main")).to_contain_text("AGE")


def test_a_search_that_is_refused_says_why(open_monitoring: OpenMonitoring, site: Site) -> None:
    page = open_monitoring("transactions?from=x")
    expect(page.get_by_role("alert")).to_contain_text("From (from): Not a date and time.")


def test_pages_of_results_follow_each_other(open_monitoring: OpenMonitoring, site: Site) -> None:
    ask(site, 27)
    page = open_monitoring("transactions?range=1h")
    page.get_by_role("link", name="Older").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(25)


def test_it_keeps_nothing_in_the_browser(open_monitoring: OpenMonitoring, site: Site) -> None:
    ask(site)
    page = open_monitoring("transactions")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(re.compile("range="))
    kept = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "/predict" not in kept


def test_it_asks_nobody_but_the_site_for_files(open_monitoring: OpenMonitoring, site: Site) -> None:
    page = open_monitoring()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    assert asked
    assert all(url.startswith(site.url) for url in asked)


def test_it_complains_of_nothing(open_monitoring: OpenMonitoring, site: Site) -> None:
    ask(site)
    page = open_monitoring(frozen=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    wait_until_refreshed(page)
    page.reload()
    assert complaints == []
