"""What the settings make: a Redis client for every kind of URL, sources, a whole pipeline."""

import socket
from contextlib import closing
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from logpipeline.delivery.options import Options
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.elastic import NotConfiguredError
from logpipeline.process.assembly import (
    http_source,
    pipeline_of,
    redis_client,
    redis_source,
    rules_of_settings,
)
from logpipeline.rules.rules import RuleError
from logpipeline.sources.dead_letter_source import DeadLetterSource
from logpipeline.sources.losses import Losses
from logpipeline.sources.source import Source, UnavailableError
from tests.conftest import Valkey
from tests.faults.pipeline import Ends, ids, predictions
from tests.logpipeline.canned import CannedServer
from tests.logpipeline.rules.samples import rule
from tools.run.address import free_port

PASSWORD = "swordfish"
ONCE = Options(once=True, give_up_after=30)


@pytest.fixture
def tcp_url(own_valkey: Valkey) -> str:
    """Of a Redis that listens on a port, too, and wants a password."""
    port = free_port()
    with closing(own_valkey.client()) as client:
        client.config_set("port", port)
        client.config_set("requirepass", PASSWORD)
    return f"redis://:{PASSWORD}@127.0.0.1:{port}/3"


def run(source: Source) -> tuple[Pipeline, int]:
    """To its end; the pipeline, and how often it kept house."""
    kept: list[Pipeline] = []
    with pipeline_of(source, ONCE, 10, kept.append) as pipeline:
        pipeline.run()
    return pipeline, len(kept)


# --- Redis ----------------------------------------------------------------------------


def test_redis_is_reached_by_its_unix_socket(own_valkey: Valkey, settings: Settings) -> None:
    settings.REDIS_URL = own_valkey.url
    with closing(redis_client()) as client:
        assert client.ping()


def test_redis_is_reached_by_tcp_with_a_password_and_a_number(
    tcp_url: str, settings: Settings
) -> None:
    settings.REDIS_URL = tcp_url
    with closing(redis_client()) as client:
        assert client.client_info()["db"] == 3


def test_a_tcp_connection_is_kept_alive(tcp_url: str, settings: Settings) -> None:
    settings.REDIS_URL = tcp_url
    with closing(redis_client()) as client:
        connected: Any = client.connection_pool.get_connection()
        assert connected._sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1


def test_a_hanging_redis_is_not_waited_for_for_ever(own_valkey: Valkey, settings: Settings) -> None:
    settings.REDIS_URL = own_valkey.url
    with closing(redis_client()) as client:
        connected: Any = client.connection_pool.get_connection()
        # A look for new entries takes half a second.
        assert 0.5 < connected._sock.gettimeout() <= 10


@pytest.mark.parametrize(
    "url", ["redis://localhost:port/0", f"redis://:{PASSWORD}/@localhost:6379/0", "nonsense"]
)
def test_a_redis_url_that_is_none_is_one_sentence_without_it(settings: Settings, url: str) -> None:
    settings.REDIS_URL = url
    with pytest.raises(UnavailableError) as caught:
        redis_client()
    assert str(caught.value).startswith("REDIS_URL is no address of a Redis")


# --- The others -----------------------------------------------------------------------


def test_the_http_source_has_the_token_of_the_settings(settings: Settings) -> None:
    settings.LOGS_API_TOKEN = "token"
    server = CannedServer(200, {"entries": [], "next": "0-0", "length": 0})
    with server.running() as url:
        source = http_source(url, 10, 10)
        assert list(source.waiting()) == []
        source._client.close()
    assert server.credentials == ["Token token"]


def test_the_rules_are_those_of_the_settings(settings: Settings) -> None:
    settings.LOG_PIPELINE_RULES = [rule("bad", action="fly")]
    with pytest.raises(RuleError, match=r"Rule 1 \('bad'\)"):
        rules_of_settings()


def test_no_pipeline_is_made_without_an_elasticsearch(settings: Settings) -> None:
    settings.ES_URL = ""
    with (
        pytest.raises(NotConfiguredError),
        pipeline_of(DeadLetterSource(10), ONCE, 10, lambda _: None),
    ):
        pass


@pytest.mark.django_db
def test_a_pipeline_brings_entries_from_the_stream_to_the_indices(
    valkey: Valkey, elastic: Elasticsearch, elasticsearch_url: str, index_prefix: str
) -> None:
    ends = Ends(valkey, elasticsearch_url, index_prefix)
    given = predictions(25)
    ends.add(given)
    pipeline, kept = run(redis_source("one-1-a", Losses(), 10))
    assert ends.ids_in("ml-api-perfs") == ids(given)
    assert (pipeline.counts["read"], kept > 0, ends.at_rest()) == (25, True, True)
