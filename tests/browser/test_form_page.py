"""The form in a real browser: by keyboard, without JavaScript, small, dark, in French."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.site import Site

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
NUMBERS = {"Age": "61", "Systolic blood pressure": "150", "Diastolic blood pressure": "95"}
CHOICES = {
    "Sex": "Male",
    "Smokes now": "Yes",
    "Has had a stroke": "No",
    "Has hypertension": "Yes",
    "Has diabetes": "No",
}


def fill(page: Page) -> None:
    """What has to be answered, by the labels that a person sees."""
    for label, value in NUMBERS.items():
        page.get_by_label(label, exact=True).fill(value)
    for label, answer in CHOICES.items():
        page.get_by_role("radiogroup", name=label).get_by_label(answer, exact=True).check()


def calculate(page: Page) -> None:
    page.get_by_role("button", name="Calculate the risk").click()


def width_of(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def test_it_is_filled_and_sent_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.get_by_label("Age", exact=True).focus()
    keys = page.keyboard
    # Age, sex: male, smokes: yes, cigarettes.
    keys.type("61")
    for key in ("Tab", "ArrowRight", "Tab", "ArrowRight", "Tab"):
        keys.press(key)
    keys.type("20")
    # Medication: stays unknown. Stroke, hypertension, diabetes: no, yes, no.
    for key in ("Tab", "Tab", "Space", "Tab", "ArrowRight", "Tab", "Space", "Tab"):
        keys.press(key)
    for value in ("236", "150", "95", "26,4", "75", ""):
        keys.type(value)
        keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    assert re.fullmatch(r"\d+\.\d%", page.locator(".percent").inner_text())
    assert complaints == []


def test_it_works_without_javascript(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    fill(page)
    calculate(page)
    expect(page.locator(".percent")).to_contain_text("%")
    expect(page.get_by_label("Age", exact=True)).to_have_value("61")


def test_it_gives_the_same_answer_with_and_without_javascript(open_page: OpenPage) -> None:
    answers = []
    for enabled in (True, False):
        page = open_page(java_script_enabled=enabled)
        fill(page)
        calculate(page)
        expect(page.locator("#answer")).to_be_visible()
        answers.append(page.locator("#answer").inner_text())
    assert answers[0] == answers[1]


def test_it_leads_from_the_summary_of_errors_to_the_field(open_page: OpenPage) -> None:
    page = open_page()
    fill(page)
    page.get_by_label("Age", exact=True).fill("610")
    calculate(page)
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Age", exact=True)).to_be_focused()
    expect(page.get_by_label("Age", exact=True)).to_have_value("610")


def test_it_forgets_the_errors_when_they_are_corrected(open_page: OpenPage) -> None:
    page = open_page()
    calculate(page)
    expect(page.get_by_role("alert")).to_contain_text("8 answers need another look")
    fill(page)
    calculate(page)
    expect(page.locator("#answer")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_it_shows_errors_without_javascript(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    calculate(page)
    expect(page.get_by_role("alert")).to_contain_text("8 answers need another look")


def test_it_spares_a_person_who_does_not_smoke_the_cigarettes(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("radiogroup", name="Smokes now").get_by_label("No").check()
    expect(page.get_by_label("Cigarettes a day")).to_have_value("0")


def test_it_says_when_the_result_is_no_longer_that_of_the_form(open_page: OpenPage) -> None:
    page = open_page()
    fill(page)
    calculate(page)
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#outdated")).to_be_hidden()
    page.get_by_label("Age", exact=True).fill("40")
    expect(page.locator("#outdated")).to_have_text(re.compile("Calculate again"))
    calculate(page)
    expect(page.locator("#outdated")).to_be_hidden()


def test_it_says_when_the_site_cannot_be_reached(open_page: OpenPage) -> None:
    page = open_page()
    fill(page)
    page.context.set_offline(True)
    calculate(page)
    expect(page.locator("#result")).to_contain_text("The site cannot be reached")
    expect(page.get_by_label("Age", exact=True)).to_have_value("61")


def test_it_shows_the_message_of_an_error_page_in_the_place_of_the_result(
    open_page: OpenPage,
) -> None:
    page = open_page()
    fill(page)
    # Without its cookie the form is refused, as after a long lunch.
    page.context.clear_cookies()
    calculate(page)
    expect(page.locator("#result")).to_contain_text("The form was open for too long")


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_it_never_scrolls_sideways(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    calculate(page)
    expect(page.get_by_role("alert")).to_be_visible()
    assert width_of(page) == width
    fill(page)
    calculate(page)
    expect(page.locator("#answer")).to_be_visible()
    assert width_of(page) == width


def test_it_brings_the_result_into_view_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    fill(page)
    calculate(page)
    expect(page.locator(".percent")).to_be_in_viewport()


def test_it_has_targets_large_enough_for_a_thumb(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    heights = page.evaluate(
        "Array.from(document.querySelectorAll('.measure, .segments label, button'))"
        ".map(target => target.getBoundingClientRect().height)"
    )
    assert min(heights) >= 36


def test_it_is_dark_for_who_prefers_dark(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(16, 21, 27)")


def test_it_keeps_still_for_who_prefers_less_motion(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    expect(page.locator("#busy")).to_have_css("animation-name", "none")


def test_it_prints_the_result_without_the_buttons(open_page: OpenPage) -> None:
    page = open_page()
    fill(page)
    calculate(page)
    expect(page.locator("#answer")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".percent")).to_be_visible()
    expect(page.get_by_role("button", name="Calculate the risk")).to_be_hidden()


def test_it_speaks_french(open_page: OpenPage) -> None:
    page = open_page(locale="fr-FR")
    page.get_by_label("Âge", exact=True).fill("17")
    page.get_by_role("button", name="Calculer le risque").click()
    expect(page.locator("#errors")).to_contain_text("Âge")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no javascript"])
def test_it_changes_the_language_at_a_press(open_page: OpenPage, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_it_asks_nobody_but_the_site_for_files(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    assert asked
    assert all(url.startswith(site.url) for url in asked)
