"""Fixtures of the tests of sources."""

import pytest

from tests.conftest import Valkey
from tests.logpipeline.sources.streams import Stream


@pytest.fixture
def stream(valkey: Valkey) -> Stream:
    """Empty, on the Valkey that the site's settings name."""
    return Stream(valkey)


@pytest.fixture
def own_stream(own_valkey: Valkey) -> Stream:
    """On a Valkey that the test may fill, kill and configure."""
    return Stream(own_valkey)
