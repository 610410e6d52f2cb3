"""Fixtures of the pipeline's tests: the real Elasticsearch under names of the test's own."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from logpipeline.elastic import get_client
from logpipeline.entries import LogEntry
from tests.conftest import Valkey
from tests.logpipeline.pipelines import Bench
from tests.logpipeline.site_documents import entries_of_the_site


@pytest.fixture
def index_prefix(settings: Settings) -> str:
    """ES_INDEX_PREFIX of this test only."""
    prefix = f"test-{uuid4().hex}-"
    settings.ES_INDEX_PREFIX = prefix
    return prefix


@pytest.fixture
def elastic(
    elasticsearch_url: str, settings: Settings, index_prefix: str
) -> Iterator[Elasticsearch]:
    """The client of the settings. What the test makes under its prefix goes with it."""
    settings.ES_URL = elasticsearch_url
    with get_client() as client:
        yield client
        for name in client.indices.get(index=f"{index_prefix}*", expand_wildcards="all"):
            client.indices.delete(index=name)
        client.options(ignore_status=404).indices.delete_index_template(name=f"{index_prefix}*")


@pytest.fixture
def bench(
    valkey: Valkey, elastic: Elasticsearch, elasticsearch_url: str, index_prefix: str, db: None
) -> Bench:
    """For pipelines in the test's own process, between the site's Valkey and Elasticsearch."""
    return Bench(valkey, elasticsearch_url, index_prefix)


@pytest.fixture(scope="session")
def entries(_session_valkey: Valkey) -> dict[str, LogEntry]:
    """One of each kind that the site logs. Not to be changed: all tests share them."""
    return entries_of_the_site(_session_valkey)
