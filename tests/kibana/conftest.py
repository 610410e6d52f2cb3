"""Fixtures of Kibana's tests: the entries, seeded once for all who only read them."""

from collections.abc import Iterator

import pytest

from tests.conftest import Valkey
from tests.kibana.seeds import Seeds, index_of_its_own, seeded


@pytest.fixture(scope="package")
def seeds(elasticsearch_url: str, _session_valkey: Valkey) -> Iterator[Seeds]:
    """Not to be changed."""
    with index_of_its_own(elasticsearch_url) as (client, prefix):
        yield seeded(client, prefix, _session_valkey)
