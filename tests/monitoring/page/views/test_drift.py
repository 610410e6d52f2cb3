"""/monitoring/drift: the latest comparison, earlier ones, and a new one at a press."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from monitoring.models import DriftReport
from tests.monitoring.traffic import log, prediction
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("valkey", "no_elasticsearch")

DRIFT = "/monitoring/drift"


@pytest.fixture
def asked(staff: Client) -> Client:
    """Of a few people, by staff."""
    now = datetime.now(UTC)
    log([prediction(now - timedelta(minutes=n), 0.1) for n in range(10, 0, -1)])
    return staff


def test_it_says_that_nothing_was_compared(staff: Client) -> None:
    assert "Nothing was compared yet." in text_of(staff.get(DRIFT).content)


def test_it_compares_at_a_press_and_shows_the_report(asked: Client) -> None:
    response = asked.post(f"{DRIFT}/compare", follow=True)
    report = DriftReport.objects.get()
    assert response.redirect_chain == [(f"{DRIFT}/{report.pk}", 302)]
    assert "not enough data" in text_of(response.content)


def test_it_lists_the_reports_and_shows_each(asked: Client) -> None:
    for _ in range(2):
        asked.post(f"{DRIFT}/compare")
    numbers = sorted(DriftReport.objects.values_list("pk", flat=True))
    content = asked.get(DRIFT).content.decode()
    assert all(f'href="{DRIFT}/{number}"' in content for number in numbers)
    assert asked.get(f"{DRIFT}/{numbers[0]}").status_code == 200


def test_there_is_no_report_of_that_number(staff: Client) -> None:
    assert staff.get(f"{DRIFT}/12345").status_code == 404


def test_the_button_needs_its_token(staff: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    strict.cookies = staff.cookies
    assert strict.post(f"{DRIFT}/compare").status_code == 403
    assert staff.get(f"{DRIFT}/compare").status_code == 405


@pytest.mark.usefixtures("no_redis")
def test_it_says_why_nothing_could_be_compared(staff: Client) -> None:
    response = staff.post(f"{DRIFT}/compare", follow=True)
    assert "Nothing was compared. " in text_of(response.content)
    assert not DriftReport.objects.exists()
