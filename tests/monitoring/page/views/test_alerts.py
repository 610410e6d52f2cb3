"""/monitoring/alerts: what is wrong now, and what was."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from monitoring.alerts.definitions import ALERTS
from monitoring.models import Alert
from tests.monitoring.traffic import NOON
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("valkey", "no_elasticsearch")


def alert(name: str = "latency", **more: Any) -> Alert:
    given: dict[str, Any] = {
        "name": name,
        "state": "firing",
        "severity": "critical",
        "value": 212.4,
        "worst": 310,
        "threshold": 200,
        "source": "redis",
        "started": NOON,
        "seen": NOON,
        "fired": NOON,
    }
    return Alert.objects.create(**given | more)


def shown(client: Client, address: str = "/monitoring/alerts") -> str:
    return text_of(client.get(address).content)


def test_it_says_that_nothing_is_wrong(staff: Client) -> None:
    text = shown(staff)
    assert "None: nothing is above its threshold." in text
    assert "No alert has fired yet." in text


def test_it_shows_what_is_wrong_and_what_to_do(staff: Client) -> None:
    alert()
    text = shown(staff)
    assert "Mean response time firing, critical Value 212 ms" in text
    assert "Threshold 200 ms Worst 310 ms Since 2026-11-24 12:00:00 UTC" in text
    assert "docs/monitoring.md#alert-latency" in text


def test_it_shows_one_that_does_not_fire_yet(staff: Client) -> None:
    alert(state="pending", severity="warning", fired=None)
    content = staff.get("/monitoring/alerts").content
    assert "Mean response time pending, warning" in text_of(content)
    assert b"alert card tone-unknown" in content


def test_it_says_that_too_few_ask_to_judge_by(staff: Client) -> None:
    alert(quiet_since=NOON)
    assert "Too few requests to judge since 2026-11-24 12:00:00 UTC" in shown(staff)


def test_the_first_page_says_it_too(staff: Client) -> None:
    alert()
    text = shown(staff, "/monitoring/")
    assert "No: something is wrong." in text
    assert "1 alert is firing: Mean response time" in text


def test_it_shows_what_was_wrong(staff: Client) -> None:
    alert("cpu", state="resolved", resolved=NOON + timedelta(minutes=9))
    text = shown(staff)
    assert "Mean CPU time of a request resolved, critical 310 ms 200 ms" in text
    assert "2026-11-24 12:09:00" in text


def test_an_open_one_is_not_shown_among_the_resolved(staff: Client) -> None:
    alert()
    assert "No alert has fired yet." in shown(staff)


def test_it_shows_one_that_is_not_defined_any_more(staff: Client) -> None:
    alert("of an earlier version")
    assert "of an earlier version firing, critical" in shown(staff)


def test_it_lists_all_that_is_watched(staff: Client) -> None:
    content = staff.get("/monitoring/alerts").content.decode()
    # Messages about an alert lead to its row.
    assert [each.name for each in ALERTS if f'<tr id="{each.runbook}">' not in content] == []
    assert content.count("docs/monitoring.md#alert-") == len(ALERTS)
