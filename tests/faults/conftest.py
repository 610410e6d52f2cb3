"""A site and a Valkey of their own: these tests stop, kill and fill both."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from tests.conftest import Valkey
from tests.faults.pipeline import World
from tests.faults.site import Site
from tests.logpipeline.pipelines import Bench


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    valkey = Valkey(folder / "valkey")
    valkey.start()
    site = Site(folder, valkey)
    site.start()
    yield site
    site.stop()
    valkey.kill()


@pytest.fixture
def world(own_valkey: Valkey, elasticsearch_url: str, tmp_path: Path) -> World:
    """For pipelines: a Valkey of its own, the shared Elasticsearch, indices of its own."""
    return World(tmp_path / "var", own_valkey, elasticsearch_url, f"t{uuid4().hex[:12]}-")


@pytest.fixture
def bench(
    own_valkey: Valkey, elasticsearch_url: str, settings: Settings, db: None
) -> Iterator[Bench]:
    """The same for pipelines in the test's own process, on the tests' own database."""
    settings.ES_URL = elasticsearch_url
    settings.REDIS_URL = own_valkey.url
    bench = Bench(own_valkey, elasticsearch_url, f"t{uuid4().hex[:12]}-")
    yield bench
    bench.remove()
