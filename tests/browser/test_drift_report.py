"""The file that ``drift_report --html`` writes, opened from disk."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from monitoring.drift.html import as_html
from monitoring.drift.report import report_of
from tests.browser.test_accessibility import RULES
from tests.monitoring.drift.people import DAY, NOW, older_people, reference, sample_of

pytestmark = pytest.mark.browser


@pytest.fixture
def file(tmp_path: Path) -> Path:
    page = as_html(report_of(reference(), sample_of(older_people()), DAY, NOW))
    path = tmp_path / "drift.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_it_breaks_no_rule(chromium: Browser, file: Path, color_scheme: str) -> None:
    with chromium.new_context(color_scheme=color_scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(file.as_uri())
        page.locator("#drift-AGE summary").click()
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in found.response["violations"]
    ] == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_screen_is_too_narrow(chromium: Browser, file: Path, width: int) -> None:
    with chromium.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        charts = page.locator("svg").all()
        assert min((chart.bounding_box() or {"width": 0})["width"] for chart in charts) > 180


def test_a_chart_has_its_name_and_says_what_it_shows(chromium: Browser, file: Path) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(file.as_uri())
        chart = page.get_by_role("img", name="Age: now and in training")
        description = chart.get_attribute("aria-describedby")
        assert "Median: " in page.locator(f"#{description}").inner_text()
