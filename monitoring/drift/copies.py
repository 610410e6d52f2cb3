"""Copies reports to Elasticsearch: best effort, each until it is there, never twice."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

from logpipeline.documents.indices import SetupError, index_name, setup
from logpipeline.elastic import NotConfiguredError, get_client, sentence
from monitoring.drift.documents import DRIFT_FIGURES, documents_of
from monitoring.models import DriftReport

_TIMEOUT_S: Final = 5.0
# Two days of hourly reports.
_MOST_AT_ONCE: Final = 48
_STORED: Final = (200, 201)
_STORED_BEFORE: Final = 409


class NotCopiedError(Exception):
    """The text is one clear sentence."""


def copy(now: datetime) -> int:
    """What is not there yet and would not be deleted at once; how many reports are copied now.

    Raises ``NotCopiedError``; what was copied before stays so.
    """
    kept = timedelta(days=settings.ES_RETENTION_DAYS)
    waiting = DriftReport.objects.filter(copied=None, created__gt=now - kept)
    reports = list(waiting.order_by("created", "pk")[:_MOST_AT_ONCE])
    if not reports:
        return 0
    try:
        with get_client(_TIMEOUT_S) as client:
            # First: an index that is made without its template has the wrong mapping for ever.
            setup(client, settings.ES_INDEX_PREFIX, settings.ES_RETENTION_DAYS, [DRIFT_FIGURES])
            for report in reports:
                _create(client, report)
                report.copied = now
                report.save(update_fields=["copied"])
    except (NotConfiguredError, SetupError) as error:
        raise NotCopiedError(str(error)) from None
    except (ApiError, TransportError) as error:
        raise NotCopiedError(sentence(error)) from None
    return len(reports)


def _create(client: Elasticsearch, report: DriftReport) -> None:
    """Raises ``NotCopiedError`` unless each of the report's documents is stored."""
    day = f"{report.created.astimezone(UTC):%Y.%m.%d}"
    name = index_name(settings.ES_INDEX_PREFIX, DRIFT_FIGURES.alias, day)
    operations: list[dict[str, Any]] = []
    for identified in documents_of(report):
        operations += [{"create": {"_id": identified.id}}, identified.source]
    if not operations:
        return
    answer = client.bulk(index=name, operations=operations)
    for item in answer["items"]:
        status = item["create"]["status"]
        if status not in _STORED and status != _STORED_BEFORE:
            kind = item["create"].get("error", {}).get("type", "unknown")
            raise NotCopiedError(f"Elasticsearch refuses a figure of drift ({status}, {kind}).")
