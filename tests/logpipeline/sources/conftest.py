"""Fixtures of the tests of sources."""

from collections.abc import Iterator

import pytest

from logpipeline.sources.http_source import HttpSource
from tests.conftest import Valkey
from tests.logpipeline.sources.site import source_of, token_of
from tests.logpipeline.sources.streams import Stream


@pytest.fixture
def stream(valkey: Valkey) -> Stream:
    """Empty, on the Valkey that the site's settings name."""
    return Stream(valkey)


@pytest.fixture
def own_stream(own_valkey: Valkey) -> Stream:
    """On a Valkey that the test may fill, kill and configure."""
    return Stream(own_valkey)


@pytest.fixture
def token(valkey: Valkey, db: None) -> str:
    """Of a staff user, on an empty log."""
    return token_of()


@pytest.fixture
def source(token: str) -> Iterator[HttpSource]:
    source = source_of(token)
    yield source
    source.close()
