"""Whether Elasticsearch answers, and has its data."""

from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from monitoring.sources.state import SystemState, system_state
from tests.logpipeline.canned import answering

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return datetime.now(UTC)


def state() -> SystemState:
    return system_state(now())


def test_it_says_that_no_elasticsearch_is_configured() -> None:
    found = state().elasticsearch
    assert found.ok is None
    assert found.sentence.startswith("No Elasticsearch is configured")


def test_it_says_that_elasticsearch_answers(elastic: Elasticsearch) -> None:
    found = state().elasticsearch
    assert found.ok
    assert found.sentence.startswith("Elasticsearch answers: ")


@pytest.mark.usefixtures("no_elasticsearch")
def test_it_says_that_elasticsearch_cannot_be_reached() -> None:
    found = state().elasticsearch
    assert found.ok is False
    assert "cannot be reached (ConnectionError). Noticed at " in found.sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            {"status": "red", "unassigned_primary_shards": 2},
            "Elasticsearch is red: 2 primary shards are missing.",
        ),
        ({}, "Elasticsearch answers something else than was asked."),
    ],
)
def test_it_says_that_elasticsearch_is_not_well(
    settings: Settings, body: object, sentence: str
) -> None:
    with answering(200, body) as settings.ES_URL:
        found = state().elasticsearch
    assert found.ok is False
    assert found.sentence.startswith(sentence)


def test_it_says_that_the_address_is_none(settings: Settings) -> None:
    settings.ES_URL = "https://"
    assert state().elasticsearch.sentence.startswith("ES_URL is no address of an Elasticsearch")
