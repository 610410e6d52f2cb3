"""Tells people of alerts' events by webhook, e-mail and log: each at least once.

An event stays untold until every configured way has worked; where none is, the log line is all.
What fails is tried again in the next round, for a day. The receiver knows a repetition by its
Idempotency-Key or Message-ID.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import httpx
from django.conf import settings
from django.core.mail import EmailMessage

from monitoring.alerts.messages import mail_body, message, text
from monitoring.models import AlertEvent, Transition

TIMEOUT_S: Final = 5.0
GIVE_UP_AFTER: Final = timedelta(days=1)
_GAVE_UP: Final = "gave up"
_GOOD_NEWS: Final = (Transition.EASED, Transition.RESOLVED)

logger = logging.getLogger(__name__)


def tell(now: datetime) -> int:
    """Every event that waits, the oldest first; how many are told now.

    A way that does not answer at all rests until the next round, so that events do not queue up
    behind its timeout.
    """
    _give_up(now)
    ways = Ways()
    waiting = AlertEvent.objects.filter(told=None, at__gt=now - GIVE_UP_AFTER)
    return sum(
        ways.tell(event, now) for event in waiting.select_related("alert").order_by("at", "pk")
    )


def _give_up(now: datetime) -> None:
    late = AlertEvent.objects.filter(told=None, at__lte=now - GIVE_UP_AFTER, tries__gt=0)
    for event in late.exclude(last_error__startswith=_GAVE_UP):
        event.last_error = f"{_GAVE_UP} {event.last_error}".rstrip()
        event.save(update_fields=["last_error"])
        logger.error("Nobody was told of alert event %s: %s.", event.pk, event.last_error)


class Ways:
    """Those that are configured, for one round."""

    def __init__(self) -> None:
        self._ways: dict[str, Callable[[AlertEvent], None]] = {}
        if settings.ALERT_WEBHOOK_URL:
            self._ways["posted"] = post
        if settings.ALERT_EMAIL_TO:
            self._ways["mailed"] = mail
        self._resting: set[str] = set()

    def tell(self, event: AlertEvent, now: datetime) -> bool:
        """Whether all of them have told it now."""
        missing = [way for way in self._ways if getattr(event, way) is None]
        ready = [way for way in missing if way not in self._resting]
        if missing and not ready:
            return False
        if not self._claim(event):
            return False
        errors = [error for way in ready if (error := self._error_of(way, event, now))]
        event.last_error = errors[0] if errors else event.last_error
        if all(getattr(event, way) for way in self._ways):
            event.last_error, event.told = "", now
        event.save(update_fields=[*self._ways, "last_error", "told"])
        return event.told is not None

    def _claim(self, event: AlertEvent) -> bool:
        """Not where another evaluator is telling it at this moment."""
        ours = AlertEvent.objects.filter(pk=event.pk, told=None, tries=event.tries)
        if not ours.update(tries=event.tries + 1):
            return False
        if not event.tries:
            level = logging.INFO if event.transition in _GOOD_NEWS else logging.WARNING
            logger.log(level, "Alert: %s", text(event))
        event.tries += 1
        return True

    def _error_of(self, way: str, event: AlertEvent, now: datetime) -> str:
        """Its class, or nothing: an error's text can hold the webhook's address, a secret."""
        try:
            self._ways[way](event)
        except httpx.HTTPStatusError as error:
            # It answers, so that another event may fare better.
            found = f"HTTP {error.response.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL, smtplib.SMTPException, OSError) as error:
            self._resting.add(way)
            found = type(error).__name__
        else:
            setattr(event, way, now)
            return ""
        if found != event.last_error:
            logger.warning("Alert event %s could not be %s: %s.", event.pk, way, found)
        return found


def post(event: AlertEvent) -> None:
    """To the webhook. Raises ``httpx.HTTPError``, or ``httpx.InvalidURL``."""
    answer = httpx.post(
        settings.ALERT_WEBHOOK_URL,
        json=message(event),
        headers={"Idempotency-Key": str(event.pk)},
        timeout=TIMEOUT_S,
    )
    # Not raise_for_status, whose text holds the address.
    if not answer.is_success:
        raise httpx.HTTPStatusError("", request=answer.request, response=answer)


def mail(event: AlertEvent) -> None:
    """Raises ``SMTPException`` or ``OSError``."""
    EmailMessage(
        subject=f"heartrisk: {text(event)}",
        body=mail_body(event),
        to=settings.ALERT_EMAIL_TO,
        headers={"Message-ID": f"<{event.pk}@heartrisk>"},
    ).send()
