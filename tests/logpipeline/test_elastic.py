"""The client of the settings, and the sentence for each way in which it may fail."""

import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import ApiError, Elasticsearch, TransportError
from pytest_django import Settings

from logpipeline.elastic import (
    TIMEOUT_SECONDS,
    NotConfiguredError,
    address,
    error_type,
    get_client,
    sentence,
)
from tests.logpipeline.canned import ELASTICSEARCH, HTML, NO_CREDENTIALS, CannedServer, answering
from tools.run.address import free_port

PASSWORD = "swordfish"
# Health data, say.
SECRET = "a-value-of-somebody"

Said = Callable[..., str]


@pytest.fixture
def said(settings: Settings) -> Said:
    """What is said of a request that fails at the URL."""

    def say(url: str, timeout: float = 10) -> str:
        settings.ES_URL = url
        with get_client(timeout) as client, pytest.raises((ApiError, TransportError)) as caught:
            client.bulk(operations=[{"create": {"_index": "i"}}, {"message": SECRET}])
        failure: Any = caught.value
        return sentence(failure)

    return say


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server on this machine, signed by itself; the key stands in the same file."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-addext", names]
    command += ["-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run(command, check=True, capture_output=True)
    with path.open("a") as file:
        file.write(path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


# --- The client -----------------------------------------------------------------------


def test_it_reaches_the_real_one(elastic: Elasticsearch) -> None:
    assert elastic.cluster.health()["status"] in ("green", "yellow")


@pytest.mark.parametrize(("url", "key"), [("", ""), ("", "key")])
def test_without_a_name_it_says_how_to_get_one(settings: Settings, url: str, key: str) -> None:
    settings.ES_URL, settings.ES_API_KEY = url, key
    with pytest.raises(NotConfiguredError, match="set ES_URL or ES_HOST, or start one with `make"):
        get_client()


@pytest.mark.parametrize(
    "url",
    [
        "http://search",
        "http://",
        "http://search:port",
        "http://search:99999",
        "http://sea rch:9200",
        "http://search..example:9200",
        f"http://elastic:{PASSWORD}/@search:9200",
        f"http://elastic:{PASSWORD}#@search:9200",
        f"http://elastic:{PASSWORD}@search",
        "nonsense",
    ],
)
def test_an_address_that_is_none_is_refused_without_a_word_of_it(
    settings: Settings, url: str
) -> None:
    settings.ES_URL = url
    with pytest.raises(NotConfiguredError) as caught:
        get_client()
    assert str(caught.value).startswith("ES_URL is no address of an Elasticsearch")
    assert PASSWORD not in str(caught.value)


def test_an_authority_without_tls_is_refused(settings: Settings) -> None:
    settings.ES_URL, settings.ES_CA_CERTS = "http://search:9200", "/ca.pem"
    with pytest.raises(NotConfiguredError, match="ES_CA_CERTS goes with https"):
        get_client()


def test_it_asks_once_because_the_pipeline_tries_again_itself(said: Said) -> None:
    server = CannedServer(503)
    with server.running() as url:
        said(url)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("user", "key", "header"),
    [
        ("", "", None),
        ("", "a2V5", "ApiKey a2V5"),
        # "elastic:sword/fish" in base64.
        ("elastic:sword%2Ffish@", "", "Basic ZWxhc3RpYzpzd29yZC9maXNo"),
    ],
)
def test_it_shows_its_credentials(
    settings: Settings, said: Said, user: str, key: str, header: str | None
) -> None:
    settings.ES_API_KEY = key
    server = CannedServer(503)
    with server.running() as url:
        said(url.replace("//", f"//{user}"))
    assert server.credentials == [header]


def test_after_a_failure_it_asks_again_at_once(settings: Settings) -> None:
    server = CannedServer(503)
    with server.running() as url:
        settings.ES_URL = url
        with get_client() as client:
            for _ in range(3):
                with pytest.raises(ApiError):
                    client.cluster.health()
    assert len(server.asked) == 3


def test_it_trusts_the_authority_of_the_settings(
    settings: Settings, said: Said, certificate: Path, tls: ssl.SSLContext
) -> None:
    settings.ES_CA_CERTS = str(certificate.with_suffix(".crt"))
    with CannedServer(503, tls=tls).running() as url:
        assert said(url) == f"Elasticsearch at {url} answers 503 (ApiError)."


def test_it_is_more_patient_than_a_busy_server_is_slow() -> None:
    assert TIMEOUT_SECONDS == 30


# --- Where it is ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://search.example:9200", "http://search.example:9200"),
        ("https://search.example", "https://search.example"),
        (f"https://elastic:{PASSWORD}@search.example:9200/es", "https://search.example:9200"),
        (f"https://elastic:{PASSWORD}@@search.example:9200", "https://search.example:9200"),
        ("http://[::1]:9200", "http://[::1]:9200"),
    ],
)
def test_its_address_is_shown_without_the_password(
    settings: Settings, url: str, shown: str
) -> None:
    settings.ES_URL = url
    assert address() == shown


# --- What is said ---------------------------------------------------------------------


def test_a_host_that_does_not_resolve(said: Said) -> None:
    assert said(f"http://elastic:{PASSWORD}@no-such-host.invalid:9200") == (
        "Elasticsearch at http://no-such-host.invalid:9200 cannot be reached: "
        "the host's name does not resolve."
    )


def test_a_refused_connection(said: Said) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert said(url) == f"Elasticsearch at {url} cannot be reached (ConnectionError)."


def test_a_network_that_cannot_be_reached(said: Said) -> None:
    # A broadcast address takes no connection.
    assert said("http://255.255.255.255:9200") == (
        "Elasticsearch at http://255.255.255.255:9200 cannot be reached (ConnectionError)."
    )


def test_a_server_that_hangs(said: Said) -> None:
    with CannedServer(silent=True).running() as url:
        assert said(url, timeout=0.2) == f"Elasticsearch at {url} did not answer in time."


def test_a_certificate_that_is_not_trusted(said: Said, tls: ssl.SSLContext) -> None:
    with CannedServer(tls=tls).running() as url:
        assert said(url) == (
            f"Elasticsearch at {url} cannot be reached: "
            "its certificate is not trusted (ES_CA_CERTS)."
        )


def test_an_authority_that_cannot_be_read(
    settings: Settings, said: Said, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    settings.ES_CA_CERTS = str(tmp_path / "missing.pem")
    with CannedServer(tls=tls).running() as url:
        assert said(url) == (
            f"Elasticsearch at {url} cannot be reached: "
            "it speaks no TLS, or ES_CA_CERTS cannot be read."
        )


def test_a_server_without_tls(said: Said) -> None:
    with answering(200) as url:
        assert "it speaks no TLS" in said(url.replace("http", "https"))


@pytest.mark.parametrize(
    ("status", "body", "headers", "said_of_it"),
    [
        (401, NO_CREDENTIALS, ELASTICSEARCH, "refuses the credentials (status 401)."),
        (401, b"<html>Who are you?</html>", HTML, "refuses the credentials (status 401)."),
        (
            403,
            {"error": {"type": "security_exception"}},
            ELASTICSEARCH,
            "refuses the credentials (status 403).",
        ),
        (
            403,
            {"error": {"type": "cluster_block_exception"}},
            ELASTICSEARCH,
            "answers 403 (cluster_block_exception).",
        ),
        (
            429,
            {"error": {"type": "circuit_breaking_exception", "reason": SECRET}},
            ELASTICSEARCH,
            "answers 429 (circuit_breaking_exception).",
        ),
        (503, b"", ELASTICSEARCH, "answers 503 (ApiError)."),
        (502, b"<html>Bad Gateway</html>", HTML, "answers 502 (ApiError)."),
        (404, {"error": SECRET}, ELASTICSEARCH, "answers 404 (NotFoundError)."),
        (200, b"<html>It works!</html>", HTML, "is none: something else answers there."),
        (200, {"tagline": "You Know"}, {}, "is none: something else answers there."),
        (200, b"{", ELASTICSEARCH, "does not answer JSON."),
    ],
)
def test_an_answer_that_is_none(
    said: Said, status: int, body: Any, headers: dict[str, str], said_of_it: str
) -> None:
    with answering(status, body, headers) as url:
        assert said(url) == f"Elasticsearch at {url} {said_of_it}"


def test_where_it_is_may_be_left_out(settings: Settings) -> None:
    settings.ES_URL = f"http://elastic:{PASSWORD}@127.0.0.1:{free_port()}"
    with get_client() as client, pytest.raises(TransportError) as caught:
        client.cluster.health()
    assert sentence(caught.value, "Elasticsearch") == (
        "Elasticsearch cannot be reached (ConnectionError)."
    )


@pytest.mark.parametrize("status", [401, 403, 404, 413, 429, 500, 503])
def test_neither_password_nor_content_is_told(said: Said, status: int) -> None:
    with answering(status, {"error": {"type": "an_exception", "reason": SECRET}}) as url:
        text = said(url.replace("//", f"//elastic:{PASSWORD}@"))
    assert PASSWORD not in text
    assert SECRET not in text


def test_elasticsearchs_own_name_of_an_error_is_preferred(elastic: Elasticsearch) -> None:
    with pytest.raises(ApiError) as caught:
        elastic.get(index="no-such-index", id="1")
    assert error_type(caught.value) == "index_not_found_exception"
