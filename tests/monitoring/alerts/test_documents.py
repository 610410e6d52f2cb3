"""What is sent to ``ml-api-alerts`` is what its Document says, on the real Elasticsearch."""

from datetime import UTC, datetime

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from logpipeline.documents.index import OF_OTHER_APPS, indices_of_other_apps
from logpipeline.documents.indices import index_name, setup
from monitoring.alerts.documents import ALERT_EVENTS, AlertEventDocument, document_of
from monitoring.models import Transition
from tests.monitoring.alerts.looks import NOON, an_event

pytestmark = pytest.mark.django_db
SENT = {
    "@timestamp": "2026-11-25T12:00:00+00:00",
    "alert": "latency",
    "transition": "fired",
    "severity": "warning",
    "value": 123.456,
    "threshold": 100,
    "unit": "ms",
    "source": "redis",
    "started": "2026-11-25T11:55:00+00:00",
}


@pytest.mark.parametrize("value", [123.456, None])
def test_a_document_is_what_is_sent(value: float | None) -> None:
    sent = document_of(an_event(value=value))
    assert sent == {**SENT, "value": value}
    assert AlertEventDocument(**sent).to_dict(skip_empty=False) == sent


def test_a_document_reads_each_value_as_what_it_is() -> None:
    read = AlertEventDocument.from_es({"_source": document_of(an_event())})
    read.full_clean()
    assert read.to_dict()["@timestamp"] == NOON
    assert read.started == datetime(2026, 11, 25, 11, 55, tzinfo=UTC)


def test_the_index_is_among_those_that_are_set_up_and_pruned() -> None:
    assert OF_OTHER_APPS["ml-api-alerts"] == "monitoring.alerts.documents.ALERT_EVENTS"
    assert ALERT_EVENTS in indices_of_other_apps()


@pytest.fixture
def index(elastic: Elasticsearch, index_prefix: str) -> str:
    """Of the day, its template in place."""
    setup(elastic, index_prefix, 90, [ALERT_EVENTS])
    return index_name(index_prefix, ALERT_EVENTS.alias, "2026.11.25")


@pytest.mark.parametrize("transition", Transition)
def test_elasticsearch_takes_every_transition(
    elastic: Elasticsearch, index: str, transition: Transition
) -> None:
    document = document_of(an_event(transition, value=None))
    assert elastic.create(index=index, id="1", document=document)["result"] == "created"


def test_elasticsearch_refuses_a_key_that_the_document_does_not_know(
    elastic: Elasticsearch, index: str
) -> None:
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
        elastic.create(index=index, id="1", document={**SENT, "new": 1})
