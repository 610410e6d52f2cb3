"""Elasticsearch as the loop sees it: ready, or one sentence; requests under way."""

from collections.abc import Iterator
from concurrent.futures import Future, wait

import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from logpipeline.delivery.bulk import Outcome
from logpipeline.delivery.daemon_executor import DaemonExecutor
from logpipeline.delivery.destination import Destination, DestinationError
from logpipeline.documents.names import INDEX_NAMES
from logpipeline.elastic import get_client
from tests.faults.http_proxy import HttpProxy
from tests.logpipeline.canned import NO_CREDENTIALS, CannedServer, answering
from tests.logpipeline.units import batch_of
from tests.predictions.logs import Clock
from tools.run.address import free_port


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def proxy(
    elastic: Elasticsearch, elasticsearch_url: str, settings: Settings
) -> Iterator[HttpProxy]:
    """Sees what the destination asks of Elasticsearch."""
    with HttpProxy(elasticsearch_url) as proxy:
        settings.ES_URL = proxy.url
        yield proxy


@pytest.fixture
def destination(proxy: HttpProxy, index_prefix: str, clock: Clock) -> Iterator[Destination]:
    with get_client() as client:
        yield Destination(client, DaemonExecutor(), index_prefix, 90, clock)


def landed(future: Future[Outcome]) -> Outcome:
    wait([future], 30)
    return future.result()


def templates(client: Elasticsearch, prefix: str) -> set[str]:
    found = client.options(ignore_status=404).indices.get_index_template(name=f"{prefix}*")
    return {each["name"].removeprefix(prefix) for each in found.get("index_templates", ())}


def asked_for_templates(proxy: HttpProxy) -> bool:
    """Since the last question."""
    asked = any("_index_template" in request.path for request in proxy.requests)
    proxy.requests.clear()
    return asked


def test_making_ready_puts_the_templates_in_place(
    destination: Destination, elastic: Elasticsearch, index_prefix: str
) -> None:
    destination.make_ready()
    assert templates(elastic, index_prefix) == set(INDEX_NAMES)


def test_sending_makes_ready_first(
    destination: Destination, elastic: Elasticsearch, index_prefix: str
) -> None:
    given = batch_of(2, index_prefix).units
    assert landed(destination.send(given)) == Outcome(stored=given)
    assert templates(elastic, index_prefix) == set(INDEX_NAMES)


def test_it_looks_at_the_templates_once(
    destination: Destination, proxy: HttpProxy, index_prefix: str
) -> None:
    looked = []
    for _ in range(2):
        landed(destination.send(batch_of(1, index_prefix).units))
        looked.append(asked_for_templates(proxy))
    assert looked == [True, False]


def test_it_looks_again_after_a_rest(
    destination: Destination, proxy: HttpProxy, index_prefix: str, clock: Clock
) -> None:
    landed(destination.send(batch_of(1, index_prefix).units))
    asked_for_templates(proxy)
    clock.now += 10
    landed(destination.send(batch_of(1, index_prefix).units))
    assert asked_for_templates(proxy)


def test_it_looks_again_after_a_trouble(
    destination: Destination, proxy: HttpProxy, index_prefix: str
) -> None:
    landed(destination.send(batch_of(1, index_prefix).units))
    asked_for_templates(proxy)
    destination.forget()
    landed(destination.send(batch_of(1, index_prefix).units))
    assert asked_for_templates(proxy)


def test_what_stands_in_the_way_is_said(
    destination: Destination, elastic: Elasticsearch, index_prefix: str
) -> None:
    name = f"{index_prefix}ml-api-logs"
    elastic.indices.create(index=name)
    with pytest.raises(DestinationError, match=f"an index named {name}") as caught:
        destination.send(batch_of(1, index_prefix).units)
    assert (caught.value.error, caught.value.credentials) == ("SetupError", False)


def made_ready(settings: Settings, url: str) -> DestinationError:
    """How it fails."""
    settings.ES_URL = url
    with get_client() as client, pytest.raises(DestinationError) as caught:
        Destination(client, DaemonExecutor(), "", 90).make_ready()
    return caught.value


def test_refused_credentials_are_told_apart(settings: Settings) -> None:
    with answering(401, NO_CREDENTIALS) as url:
        error = made_ready(settings, url)
    assert str(error) == f"Elasticsearch at {url} refuses the credentials (status 401)."
    assert (error.error, error.credentials) == ("AuthenticationException", True)


def test_an_error_of_the_server_is_no_matter_of_credentials(settings: Settings) -> None:
    with answering(503, {"error": {"type": "master_not_discovered_exception"}}) as url:
        error = made_ready(settings, url)
    assert str(error) == f"Elasticsearch at {url} answers 503 (master_not_discovered_exception)."
    assert not error.credentials


def test_one_that_is_away_is_named(settings: Settings) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    error = made_ready(settings, url)
    assert str(error) == f"Elasticsearch at {url} cannot be reached (ConnectionError)."
    assert (error.error, error.credentials) == ("ConnectionError", False)


def test_one_that_hangs_does_not_hold_up_the_loop(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logpipeline.delivery.destination._SETUP_TIMEOUT_S", 0.1)
    with CannedServer(silent=True).running() as url:
        assert str(made_ready(settings, url)) == f"Elasticsearch at {url} did not answer in time."
