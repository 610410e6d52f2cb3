"""Copies events to Elasticsearch: best effort, each until it is there, never twice."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from elasticsearch import ApiError, ConflictError, Elasticsearch, TransportError

from logpipeline.documents.indices import SetupError, index_name, setup
from logpipeline.elastic import NotConfiguredError, get_client, sentence
from monitoring.alerts.documents import ALERT_EVENTS, document_of
from monitoring.models import AlertEvent

_TIMEOUT_S: Final = 5.0
_MOST_A_ROUND: Final = 500


class NotCopiedError(Exception):
    """The text is one clear sentence."""


def copy(now: datetime) -> int:
    """What is not there yet and would not be deleted at once; how many are copied now.

    Raises ``NotCopiedError``; what was copied before stays so.
    """
    kept = timedelta(days=settings.ES_RETENTION_DAYS)
    waiting = AlertEvent.objects.filter(copied=None, at__gt=now - kept).select_related("alert")
    events = list(waiting.order_by("at", "pk")[:_MOST_A_ROUND])
    if not events:
        return 0
    try:
        with get_client(_TIMEOUT_S) as client:
            # First: an index that is made without its template has the wrong mapping for ever.
            setup(client, settings.ES_INDEX_PREFIX, settings.ES_RETENTION_DAYS, [ALERT_EVENTS])
            for event in events:
                _create(client, event)
                event.copied = now
                event.save(update_fields=["copied"])
    except (NotConfiguredError, SetupError) as error:
        raise NotCopiedError(str(error)) from None
    except (ApiError, TransportError) as error:
        raise NotCopiedError(sentence(error)) from None
    return len(events)


def _create(client: Elasticsearch, event: AlertEvent) -> None:
    day = f"{event.at.astimezone(UTC):%Y.%m.%d}"
    name = index_name(settings.ES_INDEX_PREFIX, ALERT_EVENTS.alias, day)
    try:
        client.create(index=name, id=str(event.pk), document=document_of(event))
    except ConflictError:
        # Stored by a try whose answer was lost, or by another evaluator.
        return
