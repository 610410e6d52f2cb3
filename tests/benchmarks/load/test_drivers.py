"""Both drivers, against a real HTTP server that counts what reaches it."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.load.asyncio_client import AsyncioClient
from benchmarks.load.load import Driver, Refused
from benchmarks.load.wrk import Wrk, parsed

_BODY = {"AGE": 52, "TEXT": "a 'quoted' one, in French: é"}
_needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer's head and body would else wait for each other for 40 ms (Nagle).
    wbufsize = -1

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Counting)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with server.lock:
            server.received.append(body)
        self.send_response(server.status_of(len(server.received)))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        return


class Counting(ThreadingHTTPServer):
    """``status_of``: the status of the answer to the n-th request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Lock()
        self.received: list[bytes] = []
        self.status_of: Callable[[int], int] = lambda _: 200

    def handle_error(self, *_: object) -> None:
        """A client that refuses a run leaves at once; that is not to be told."""


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting() as counting:
        thread = threading.Thread(target=counting.serve_forever)
        thread.start()
        yield counting
        counting.shutdown()
        thread.join()


@pytest.fixture(params=[pytest.param(Wrk, marks=_needs_wrk), AsyncioClient])
def driver(request: pytest.FixtureRequest) -> Driver:
    made: Driver = request.param("/predict", _BODY)
    return made


@pytest.mark.parametrize("clients", [1, 8])
def test_it_counts_each_request_that_it_sends(
    driver: Driver, server: Counting, clients: int
) -> None:
    load = driver.run(server.server_port, clients, 0.3)
    assert load.sent == len(server.received) > 0


def test_it_sends_the_body(driver: Driver, server: Counting) -> None:
    driver.run(server.server_port, 2, 0.3)
    assert [json.loads(body) for body in server.received[:2]] == [_BODY, _BODY]


def test_its_percentiles_stand_within_the_run(driver: Driver, server: Counting) -> None:
    load = driver.run(server.server_port, 2, 0.3)
    assert 0 < load.p50_ms <= load.p99_ms <= load.seconds * 1000


def test_it_refuses_a_run_with_one_answer_that_is_an_error(
    driver: Driver, server: Counting
) -> None:
    server.status_of = lambda number: 503 if number == 5 else 200
    with pytest.raises(Refused):
        driver.run(server.server_port, 2, 0.3)


def test_it_refuses_where_nobody_listens(driver: Driver, server: Counting) -> None:
    server.server_close()
    with pytest.raises(Refused):
        driver.run(server.server_port, 1, 0.1)


_PRINTED = {
    "sent": 200,
    "answered": 200,
    "seconds": 0.5,
    "p50_us": 900.0,
    "p99_us": 2500.0,
    "not_2xx": 0,
    "socket_errors": 0,
}


def test_it_reads_wrks_microseconds_as_milliseconds() -> None:
    load = parsed(_PRINTED)
    assert (load.p50_ms, load.p99_ms) == (0.9, 2.5)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("answered", 199, "200 requests were sent, 199 were answered"),
        ("not_2xx", 3, "3 were answered with an error's status"),
        ("socket_errors", 1, "1 ended with an error of the socket"),
    ],
)
def test_it_refuses_what_wrk_tells_of_a_bad_run(name: str, value: int, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        parsed({**_PRINTED, name: value})
