"""Telling people: a real webhook, e-mail, the log; each until it worked, for a day."""

import logging
import smtplib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from monitoring.alerts import tell as tell_module
from monitoring.alerts.tell import GIVE_UP_AFTER, Ways, tell
from monitoring.models import AlertEvent, Transition
from tests.monitoring.alerts.hook import PATH, Hook
from tests.monitoring.alerts.looks import NOON, an_event, minute
from tools.run.address import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook(settings: Settings) -> Iterator[Hook]:
    """The settings' webhook, which takes everything."""
    with Hook().running() as running:
        settings.ALERT_WEBHOOK_URL = running.url
        yield running


def told_of(event: AlertEvent) -> tuple[bool, int, str]:
    """Whether, after how many tries, and the last error."""
    event.refresh_from_db()
    return event.told is not None, event.tries, event.last_error


def test_the_webhook_gets_the_event_as_json_with_a_key_of_its_own(hook: Hook) -> None:
    event = an_event()
    assert tell(NOON) == 1
    assert [body["id"] for body in hook.bodies] == [str(event.pk)]
    assert (hook.keys, hook.types) == ([str(event.pk)], ["application/json"])


def test_what_is_told_is_not_told_again(hook: Hook) -> None:
    event = an_event()
    tell(NOON)
    assert tell(minute(1)) == 0
    assert (len(hook.bodies), told_of(event)) == (1, (True, 1, ""))
    assert (event.told, event.posted, event.mailed) == (NOON, NOON, None)


def test_events_are_told_in_the_order_in_which_they_happened(hook: Hook) -> None:
    for number, transition in ((2, "resolved"), (0, "fired"), (1, "worsened")):
        an_event(Transition(transition), at=minute(number))
    tell(minute(3))
    assert [body["transition"] for body in hook.bodies] == ["fired", "worsened", "resolved"]


def test_a_webhook_that_fails_first_is_told_with_the_same_key(settings: Settings) -> None:
    event = an_event()
    with Hook((500, 429, 204)).running() as hook:
        settings.ALERT_WEBHOOK_URL = hook.url
        assert [tell(minute(number)) for number in range(4)] == [0, 0, 1, 0]
        assert hook.keys == [str(event.pk)] * 3
    assert told_of(event) == (True, 3, "")


def test_the_last_error_is_kept(settings: Settings) -> None:
    event = an_event()
    with Hook((404,)).running() as hook:
        settings.ALERT_WEBHOOK_URL = hook.url
        tell(NOON)
    assert told_of(event) == (False, 1, "HTTP 404")


def test_a_redirect_is_no_success(settings: Settings) -> None:
    event = an_event()
    with Hook((302,)).running() as hook:
        settings.ALERT_WEBHOOK_URL = hook.url
        tell(NOON)
    assert told_of(event) == (False, 1, "HTTP 302")


def test_one_event_that_is_refused_does_not_hold_up_the_next(settings: Settings) -> None:
    refused, taken = an_event(), an_event(at=minute(1))
    with Hook((400, 204)).running() as hook:
        settings.ALERT_WEBHOOK_URL = hook.url
        assert tell(minute(2)) == 1
    assert (told_of(refused)[0], told_of(taken)[0]) == (False, True)


def test_a_webhook_that_hangs_costs_a_round_one_timeout(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tell_module, "TIMEOUT_S", 0.2)
    first, second = an_event(), an_event(at=minute(1))
    with Hook(silent=True).running() as hook:
        settings.ALERT_WEBHOOK_URL = hook.url
        assert tell(minute(2)) == 0
        assert len(hook.bodies) == 1
    assert (told_of(first), told_of(second)) == ((False, 1, "ReadTimeout"), (False, 0, ""))


def test_a_webhook_that_is_away_is_told_when_it_is_back(settings: Settings) -> None:
    event = an_event()
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{free_port()}{PATH}"
    tell(NOON)
    assert told_of(event) == (False, 1, "ConnectError")
    with Hook().running() as hook:
        settings.ALERT_WEBHOOK_URL = hook.url
        assert tell(minute(1)) == 1


def test_after_a_day_it_gives_up_and_says_so_once(
    hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    event = an_event()
    AlertEvent.objects.update(last_error="ConnectError", tries=9)
    for late in (timedelta(0), timedelta(minutes=1)):
        assert tell(NOON + GIVE_UP_AFTER + late) == 0
    assert told_of(event) == (False, 9, "gave up ConnectError")
    assert caplog.messages == [f"Nobody was told of alert event {event.pk}: gave up ConnectError."]
    assert hook.bodies == []


def test_until_then_it_goes_on(hook: Hook) -> None:
    an_event()
    assert tell(NOON + GIVE_UP_AFTER - timedelta(seconds=1)) == 1


def test_an_email_goes_to_everybody_who_is_named(settings: Settings) -> None:
    settings.ALERT_EMAIL_TO = ["one@clinic.example", "two@clinic.example"]
    event = an_event()
    assert tell(NOON) == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.from_email) == (settings.ALERT_EMAIL_TO, "heartrisk@localhost")
    assert sent.message()["Message-ID"] == f"<{event.pk}@heartrisk>"


def test_an_email_says_what_is_wrong_and_what_to_do(settings: Settings) -> None:
    settings.ALERT_EMAIL_TO = ["one@clinic.example"]
    an_event()
    tell(NOON)
    sentence = "warning: Mean response time fires (123.46 ms, threshold 100 ms)."
    (sent,) = mail.outbox
    assert sent.subject == f"heartrisk: {sentence}"
    assert sent.body == (
        f"{sentence}\n\nSince 2026-11-25 11:55:00 UTC.\n"
        "What to do: docs/monitoring.md#alert-latency\n"
    )


class Refusing(BaseEmailBackend):
    """A mail server that refuses everybody, which no test can ask of a real one."""

    def send_messages(self, email_messages: object) -> int:
        raise smtplib.SMTPRecipientsRefused({})


def test_one_way_that_fails_does_not_repeat_the_other(hook: Hook, settings: Settings) -> None:
    settings.ALERT_EMAIL_TO = ["one@clinic.example"]
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    event = an_event()
    assert (tell(NOON), tell(minute(1))) == (0, 0)
    assert (len(hook.bodies), told_of(event)) == (1, (False, 2, "SMTPRecipientsRefused"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell(minute(2)) == 1
    assert (len(hook.bodies), len(mail.outbox)) == (1, 1)


def test_a_mail_server_that_is_away_does_not_hold_up_the_webhook(
    hook: Hook, settings: Settings
) -> None:
    settings.ALERT_EMAIL_TO = ["one@clinic.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    first, second = an_event(), an_event(at=minute(1))
    tell(minute(2))
    assert len(hook.bodies) == 2
    assert told_of(first) == (False, 1, "ConnectionRefusedError")
    assert told_of(second) == (False, 1, "")


def test_where_neither_is_configured_the_log_line_is_all(
    caplog: pytest.LogCaptureFixture,
) -> None:
    event = an_event()
    with caplog.at_level(logging.INFO):
        assert tell(NOON) == 1
    line = "Alert: warning: Mean response time fires (123.46 ms, threshold 100 ms)."
    assert (caplog.messages, told_of(event)) == ([line], (True, 1, ""))


def test_good_news_are_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    an_event(Transition.RESOLVED)
    with caplog.at_level(logging.INFO):
        tell(NOON)
    assert [record.levelname for record in caplog.records] == ["INFO"]


def test_trouble_is_said_once_and_never_with_the_address(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    event = an_event()
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{free_port()}{PATH}"
    for number in range(3):
        tell(minute(number))
    _, trouble = caplog.messages
    assert trouble == f"Alert event {event.pk} could not be posted: ConnectError."
    assert PATH not in caplog.text


def test_two_evaluators_do_not_tell_it_both(hook: Hook) -> None:
    event = an_event()
    as_the_other_saw_it = AlertEvent.objects.get(pk=event.pk)
    tell(NOON)
    assert not Ways().tell(as_the_other_saw_it, NOON)
    assert len(hook.bodies) == 1


def test_one_that_ends_in_the_middle_has_it_told_again(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event()
    post = tell_module.post

    def and_end(event: AlertEvent) -> None:
        post(event)
        raise SystemExit

    monkeypatch.setattr(tell_module, "post", and_end)
    with pytest.raises(SystemExit):
        tell(NOON)
    monkeypatch.setattr(tell_module, "post", post)
    assert tell(minute(1)) == 1
    assert hook.keys == [str(event.pk)] * 2
