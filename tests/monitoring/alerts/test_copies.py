"""Events in Elasticsearch: each once, in the index of its day, as soon as it answers."""

from datetime import timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from logpipeline.documents.indices import index_name
from monitoring.alerts.copies import NotCopiedError, copy
from monitoring.alerts.documents import document_of
from monitoring.models import AlertEvent, Transition
from tests.monitoring.alerts.looks import NOON, an_event, minute
from tools.run.address import free_port

pytestmark = pytest.mark.django_db


def copies(elastic: Elasticsearch, prefix: str) -> dict[str, dict[str, Any]]:
    """By their ids."""
    elastic.indices.refresh(index=f"{prefix}ml-api-alerts")
    hits = elastic.search(index=f"{prefix}ml-api-alerts", size=100)["hits"]["hits"]
    return {hit["_id"]: hit["_source"] for hit in hits}


def test_each_event_is_a_document_under_its_own_id(
    elastic: Elasticsearch, index_prefix: str
) -> None:
    events = [an_event(), an_event(Transition.RESOLVED, at=minute(9))]
    assert copy(minute(10)) == 2
    expected = {str(event.pk): document_of(event) for event in events}
    assert copies(elastic, index_prefix) == expected


def test_what_is_copied_is_not_copied_again(elastic: Elasticsearch) -> None:
    an_event()
    assert [copy(NOON), copy(minute(1))] == [1, 0]
    assert AlertEvent.objects.get().copied == NOON


def test_an_index_holds_a_day(elastic: Elasticsearch, index_prefix: str) -> None:
    an_event()
    an_event(at=NOON + timedelta(days=1))
    copy(NOON + timedelta(days=1))
    names = [index_name(index_prefix, "ml-api-alerts", f"2026.11.{day}") for day in (25, 26)]
    assert sorted(elastic.indices.get(index=f"{index_prefix}*")) == names


def test_a_copy_whose_answer_was_lost_is_no_error(
    elastic: Elasticsearch, index_prefix: str
) -> None:
    an_event()
    copy(NOON)
    AlertEvent.objects.update(copied=None)
    assert copy(minute(1)) == 1
    assert len(copies(elastic, index_prefix)) == 1


def test_it_is_made_up_for_when_elasticsearch_is_back(
    elastic: Elasticsearch, index_prefix: str, settings: Settings, elasticsearch_url: str
) -> None:
    event = an_event()
    settings.ES_URL = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(NotCopiedError, match="cannot be reached"):
        copy(NOON)
    settings.ES_URL = elasticsearch_url
    assert copy(minute(1)) == 1
    assert list(copies(elastic, index_prefix)) == [str(event.pk)]


def test_an_index_in_the_way_is_one_sentence(elastic: Elasticsearch, index_prefix: str) -> None:
    an_event()
    elastic.indices.create(index=f"{index_prefix}ml-api-alerts")
    with pytest.raises(NotCopiedError, match=f"an index named {index_prefix}ml-api-alerts, so"):
        copy(NOON)
    assert AlertEvent.objects.get().copied is None


def test_what_would_be_deleted_at_once_is_not_copied(
    elastic: Elasticsearch, settings: Settings
) -> None:
    an_event()
    assert copy(NOON + timedelta(days=settings.ES_RETENTION_DAYS)) == 0


def test_with_nothing_to_copy_nobody_is_asked(settings: Settings) -> None:
    settings.ES_URL = ""
    assert copy(NOON) == 0


def test_no_server_at_all_is_one_sentence(settings: Settings) -> None:
    settings.ES_URL = ""
    an_event()
    with pytest.raises(NotCopiedError, match="set ES_URL or ES_HOST"):
        copy(NOON)
