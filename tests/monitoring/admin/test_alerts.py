"""The admin's pages of the alerts: for reading, by who may read them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from monitoring.models import Alert, AlertEvent, Transition
from tests.monitoring.alerts.looks import NOON, an_event
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("static_files", "valkey", "db")

ALERTS = "/admin/monitoring/alert/"


@pytest.fixture
def event() -> AlertEvent:
    """Of an alert that lasted five minutes."""
    return an_event()


def shown(client: Client, path: str) -> str:
    return text_of(client.get(path).content)


def test_the_index_lists_the_alerts(admin_client: Client) -> None:
    page = admin_client.get("/admin/").content.decode()
    assert f'href="{ALERTS}"' in page
    assert "/admin/monitoring/alertevent/" not in page


def test_an_alert_is_one_line(admin_client: Client, event: AlertEvent) -> None:
    line = "resolved warning 123.46 ms 123.46 ms 2026-11-25 11:55:00 UTC 0:05:00"
    assert f"Mean response time {line}" in shown(admin_client, ALERTS)


def test_an_alert_that_fires_lasts_until_now(admin_client: Client, event: AlertEvent) -> None:
    started = timezone.now() - timedelta(hours=30)
    Alert.objects.update(state="firing", resolved=None, started=started)
    assert "1 day, 6:00:0" in shown(admin_client, ALERTS)


def test_the_states_are_explained(admin_client: Client) -> None:
    assert "A pending alert is above its threshold" in shown(admin_client, ALERTS)


def test_an_alerts_page_has_its_events(admin_client: Client, event: AlertEvent) -> None:
    AlertEvent.objects.update(tries=3, last_error="ConnectError")
    page = shown(admin_client, f"{ALERTS}{event.alert.pk}/change/")
    assert "Threshold: 100 ms" in page
    line = "2026-11-25 12:00:00 UTC fired warning 123.46 ms 100 ms 3 ConnectError"
    assert line in page


def test_an_event_without_a_value_is_shown(admin_client: Client) -> None:
    event = an_event(Transition.RESOLVED, value=None)
    page = shown(admin_client, f"{ALERTS}{event.alert.pk}/change/")
    assert "2026-11-25 12:00:00 UTC resolved warning 100 ms 0" in page


def test_an_alert_that_is_not_defined_any_more_is_shown(admin_client: Client) -> None:
    an_event(name="of_a_former_version")
    assert "of_a_former_version resolved warning 123.46 123.46" in shown(admin_client, ALERTS)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?state__exact=firing", 0),
        ("?severity__exact=warning", 2),
        ("?name=latency", 1),
        ("?name=nonsense", 0),
    ],
)
def test_alerts_are_filtered(
    admin_client: Client, event: AlertEvent, query: str, count: int
) -> None:
    an_event(name="cpu", at=NOON + timedelta(hours=1))
    words = "1 alert " if count == 1 else f"{count} alerts"
    assert words in shown(admin_client, ALERTS + query)


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/", "{pk}/change/"])
def test_not_even_an_administrator_changes_anything(
    admin_client: Client, event: AlertEvent, page: str
) -> None:
    path = f"{ALERTS}{page.format(pk=event.alert.pk)}"
    assert admin_client.post(path, {"post": "yes", "state": "resolved"}).status_code == 403


def test_it_opens_with_the_permission_to_view_and_not_without(client: Client) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    client.force_login(user)
    assert client.get(ALERTS).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_alert"))
    assert client.get(ALERTS).status_code == 200
