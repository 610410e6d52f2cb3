"""The report's own file: whole, without a script, and with words for every chart."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from django.utils import translation

from monitoring.drift.html import as_html
from monitoring.drift.report import report_of
from tests.monitoring.drift.people import DAY, NOW, drawn, older_people, reference, sample_of
from tests.pages import text_of


@pytest.fixture(scope="module")
def page() -> str:
    return as_html(report_of(reference(), sample_of(older_people()), DAY, NOW))


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_it_needs_nothing_beside_it(page: str) -> None:
    elements = Elements(page)
    assert elements.of("script") == elements.of("link") == elements.of("img") == []
    assert not re.search(r"url\(|@import|https?://", page)


def test_it_has_the_sites_own_style_also_for_dark_screens_and_paper(page: str) -> None:
    assert page.count("prefers-color-scheme: dark") == 2
    assert page.count("@media print") == 2


def test_every_chart_has_a_name_and_its_numbers_as_a_table(page: str) -> None:
    elements = Elements(page)
    ids = {attributes.get("id") for _, attributes in elements.found}
    charts = elements.of("svg")
    assert len(charts) == len(elements.of("table")) == 20
    assert {chart["aria-labelledby"] for chart in charts} <= ids
    assert {chart["aria-describedby"] for chart in charts} <= ids


def test_no_identity_is_given_twice(page: str) -> None:
    ids = [attributes["id"] for _, attributes in Elements(page).found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_link_leads_to_a_chart(page: str) -> None:
    elements = Elements(page)
    ids = {attributes.get("id") for _, attributes in elements.found}
    links = [link["href"] or "" for link in elements.of("a")]
    assert len(links) >= 3
    assert {link.removeprefix("#") for link in links} <= ids


def test_it_says_what_drifts(page: str) -> None:
    text = text_of(page.encode())
    assert "2 of 14 inputs drift from the training data. So does the probability." in text
    assert "100.0%, in training 9.2%" in text


def test_it_is_in_the_readers_language() -> None:
    report = report_of(reference(), sample_of(drawn(200, np.random.default_rng(3))), DAY, NOW)
    with translation.override("fr"):
        assert '<html lang="fr">' in as_html(report)
