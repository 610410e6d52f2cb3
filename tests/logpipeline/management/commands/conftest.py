"""Fixtures of the tests of the pipeline's commands."""

import pytest
from elasticsearch import Elasticsearch

from tests.conftest import Valkey
from tests.faults.pipeline import Ends
from tests.logpipeline.management.commands.typed import Typed, typed_with


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Runs a command as if it was typed in."""
    return typed_with(capsys)


@pytest.fixture
def ends(valkey: Valkey, elastic: Elasticsearch, elasticsearch_url: str, index_prefix: str) -> Ends:
    """The stream and the indices that the settings name."""
    return Ends(valkey, elasticsearch_url, index_prefix)
