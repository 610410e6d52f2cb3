"""The client of Kibana's HTTP API."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kibana.server.client import KibanaClient
from kibana.server.trouble import KibanaAwayError, KibanaError
from tests.kibana.kibana_server import Kibana, served

PAGE = "x" * 2000


@pytest.fixture
def kibana() -> Iterator[Kibana]:
    with served(Kibana()) as kibana:
        yield kibana


@pytest.fixture
def client(kibana: Kibana) -> Iterator[KibanaClient]:
    with KibanaClient(kibana.url) as client:
        yield client


def test_it_gives_status_and_json(client: KibanaClient) -> None:
    status, content = client.ask("GET", "/api/status")
    assert (status, content["version"]) == (200, {"number": "8.18.8"})


def test_an_answer_may_be_empty(client: KibanaClient, kibana: Kibana) -> None:
    kibana.answers["DELETE /thing"] = (204, None)
    assert client.ask("DELETE", "/thing") == (204, None)


def test_a_refusal_may_be_expected(client: KibanaClient) -> None:
    status, _ = client.ask("GET", "/nowhere", accept=(404,))
    assert status == 404


def test_a_redirection_is_not_followed(client: KibanaClient, kibana: Kibana) -> None:
    kibana.answers["GET /api/status"] = (302, "<html>sign in</html>")
    with pytest.raises(KibanaError, match=r"answers 302 to GET /api/status\.$"):
        client.ask("GET", "/api/status")


def test_a_reason_is_not_a_whole_page(client: KibanaClient, kibana: Kibana) -> None:
    kibana.answers["GET /api/status"] = (400, {"message": PAGE})
    with pytest.raises(KibanaError) as caught:
        client.ask("GET", "/api/status")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("status", [502, 503, 504])
def test_one_that_is_not_ready_is_away(status: int, client: KibanaClient, kibana: Kibana) -> None:
    kibana.answers["GET /api/status"] = (status, PAGE)
    with pytest.raises(KibanaAwayError, match=f"is not ready \\(status {status}\\)"):
        client.ask("GET", "/api/status")


def test_one_that_does_not_answer_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with (
            KibanaClient(url, timeout=0.05) as client,
            pytest.raises(KibanaAwayError, match="did not answer in time"),
        ):
            client.ask("GET", "/api/status")


def test_its_address_has_no_password() -> None:
    with KibanaClient("https://me:s3cret@kibana.example:5601/") as client:
        assert client.address == "https://kibana.example:5601"


def test_certificates_that_cannot_be_read_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(KibanaError, match="ES_CA_CERTS is no file"):
        KibanaClient("https://kibana.example", ca_certs=str(tmp_path / "none.pem"))
