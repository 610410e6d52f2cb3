"""Fixtures of what watches the site: the pipeline's own, and sources that do not answer."""

import socket
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.logpipeline.conftest import bench, elastic, index_prefix

__all__ = ["bench", "elastic", "index_prefix"]


@pytest.fixture
def closed_port() -> int:
    """Nobody listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody takes connections there, and never answers."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        yield int(silent.getsockname()[1])


@pytest.fixture
def no_elasticsearch(settings: Settings, closed_port: int) -> None:
    """One is configured, and does not run."""
    settings.ES_URL = f"http://127.0.0.1:{closed_port}"


@pytest.fixture
def no_redis(settings: Settings, closed_port: int) -> None:
    """It does not run."""
    away = f"redis://127.0.0.1:{closed_port}/0"
    settings.REDIS_URL = away
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": away},
    }
