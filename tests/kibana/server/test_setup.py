"""Waiting for a Kibana, by a clock that the test sets."""

from collections.abc import Iterator

import pytest

from kibana.server.client import KibanaClient
from kibana.server.setup import wait_until_available
from kibana.server.trouble import KibanaAwayError, KibanaError
from kibana.server.version import Version
from tests.kibana.kibana_server import Kibana, served
from tests.predictions.logs import Clock


@pytest.fixture
def kibana() -> Iterator[Kibana]:
    with served(Kibana()) as kibana:
        yield kibana


def wait(kibana: Kibana, seconds: float) -> Version:
    clock = Clock()

    def sleep(pause: float) -> None:
        clock.now += pause

    with KibanaClient(kibana.url) as client:
        return wait_until_available(client, seconds, clock, sleep)


def test_it_looks_until_kibana_is_available(kibana: Kibana) -> None:
    kibana.starting = 4
    assert wait(kibana, 60) == Version(8, 18)
    assert len(kibana.asked) == 5


def test_it_gives_up_after_its_time(kibana: Kibana) -> None:
    kibana.starting = 1000
    with pytest.raises(KibanaAwayError, match="is not ready"):
        wait(kibana, 60)
    assert len(kibana.asked) == 31


def test_a_degraded_one_can_be_set_up(kibana: Kibana) -> None:
    kibana.level = "degraded"
    assert wait(kibana, 60) == Version(8, 18)


def test_it_does_not_wait_for_credentials(kibana: Kibana) -> None:
    kibana.authorization = "ApiKey key"
    with pytest.raises(KibanaError, match="refuses the credentials"):
        wait(kibana, 60)
    assert len(kibana.asked) == 1
