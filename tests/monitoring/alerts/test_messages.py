"""What people are told."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import Settings

from heartrisk_site.variables import BASE_DIR
from monitoring.alerts.definitions import ALERTS, BY_NAME
from monitoring.alerts.messages import message, quantity, text
from monitoring.models import Severity, Transition
from tests.monitoring.alerts.looks import an_event

pytestmark = pytest.mark.django_db


def test_the_webhooks_body_has_these_fields() -> None:
    event = an_event()
    assert message(event) == {
        "id": str(event.pk),
        "text": "warning: Mean response time fires (123.46 ms, threshold 100 ms).",
        "alert": "latency",
        "label": "Mean response time",
        "transition": "fired",
        "severity": "warning",
        "value": 123.456,
        "unit": "ms",
        "threshold": 100,
        "started": "2026-11-25T11:55:00+00:00",
        "at": "2026-11-25T12:00:00+00:00",
        "runbook": "docs/monitoring.md#alert-latency",
    }


def test_the_runbook_is_a_link_where_the_sites_address_is_known(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://heartrisk.example"
    link = f"https://heartrisk.example{reverse('monitoring_alerts')}#alert-latency"
    assert message(an_event())["runbook"] == link


@pytest.mark.usefixtures("static_files", "valkey")
def test_that_place_is_there(admin_client: Client) -> None:
    page = admin_client.get(reverse("monitoring_alerts")).content.decode()
    missing = [each.name for each in ALERTS if f'id="{each.runbook}"' not in page]
    assert missing == []


def test_the_documents_explain_every_field_of_the_body() -> None:
    page = (BASE_DIR / "docs" / "alerts.md").read_text()
    explained = re.findall(r"^\| `(\w+)` \|", page.partition("## The webhook")[2], re.MULTILINE)
    assert explained == list(message(an_event()))


@pytest.mark.parametrize(
    ("transition", "sentence"),
    [
        ("fired", "warning: Mean response time fires (123.46 ms, threshold 100 ms)."),
        ("worsened", "Mean response time is now critical (123.46 ms, threshold 100 ms)."),
        ("eased", "Mean response time is no longer critical (123.46 ms, threshold 100 ms)."),
        ("resolved", "Mean response time is resolved (123.46 ms, threshold 100 ms)."),
    ],
)
def test_each_transition_has_its_sentence(transition: str, sentence: str) -> None:
    assert text(an_event(Transition(transition))) == sentence


def test_it_says_so_where_an_alert_ended_for_want_of_requests() -> None:
    sentence = "Mean response time is resolved (too little to judge by: fewer than 20 requests)."
    assert text(an_event(Transition.RESOLVED, value=None)) == sentence


def test_it_says_so_where_an_alert_is_not_defined_any_more() -> None:
    event = an_event(Transition.RESOLVED, name="of_a_former_version", value=None)
    assert message(event)["text"] == "of_a_former_version is resolved (no longer watched)."


def test_it_is_english_whatever_language_is_active() -> None:
    with override("fr"):
        assert message(an_event())["label"] == "Mean response time"


@pytest.mark.parametrize("name", BY_NAME)
def test_every_alert_has_a_sentence(name: str) -> None:
    event = an_event(name=name)
    event.severity = Severity.CRITICAL
    assert text(event).startswith(f"critical: {event.alert.label} fires (123.46")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (100, "ms", "100 ms"),
        (0.004, "%", "0 %"),
        (12345.6, "", "12,345.6"),
        (1e6, "s", "1,000,000 s"),
    ],
)
def test_a_quantity_is_short(value: float, unit: str, shown: str) -> None:
    assert quantity(value, unit) == shown
