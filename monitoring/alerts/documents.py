"""``ml-api-alerts``: a copy of each event, for Kibana. The database has the truth."""

from typing import Any, Final

from elasticsearch_dsl import Date, Document, Float, Keyword, MetaField

from logpipeline.documents.fields import mapping_of
from logpipeline.documents.index import Index
from monitoring.models import AlertEvent

# Raise it with every change of the Document.
MAPPING_VERSION: Final = 1


class AlertEventDocument(Document):
    """``value`` and ``threshold`` in ``unit``; ``started``: when the episode began."""

    alert = Keyword()
    transition = Keyword()
    severity = Keyword()
    value = Float()
    threshold = Float()
    unit = Keyword()
    source = Keyword()
    started = Date()

    class Meta:
        dynamic = MetaField("strict")
        mapping = mapping_of({"@timestamp": Date()})


ALERT_EVENTS: Final = Index("ml-api-alerts", AlertEventDocument, MAPPING_VERSION)


def document_of(event: AlertEvent) -> dict[str, Any]:
    """As it is sent; its ``_id`` is the event's."""
    return {
        "@timestamp": event.at.isoformat(),
        "alert": event.alert.name,
        "transition": event.transition,
        "severity": event.severity,
        "value": event.value,
        "threshold": event.threshold,
        "unit": event.alert.unit,
        "source": event.alert.source,
        "started": event.alert.started.isoformat(),
    }
