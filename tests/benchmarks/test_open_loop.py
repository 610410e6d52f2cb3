"""Latency counts from the schedule, whatever the service lets wait."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.open_loop import (
    Planned,
    RefusedError,
    http_request,
    one_after_the_other,
    poisson,
    run,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
REQUEST = http_request("POST", "/predict", b"{}")
STALL_S = 0.2


@contextmanager
def service(*answers: bytes, stall: float = 0.0) -> Iterator[int]:
    """Its port. One connection, an answer for each request, the first one after ``stall``."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            for number, answer in enumerate(answers):
                if not connection.recv(65536):
                    return
                time.sleep(0 if number else stall)
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_it_counts_the_wait_for_a_slow_answer_before() -> None:
    with service(OK, OK, OK, stall=STALL_S) as port:
        exchanges = run(port, [Planned(0.0, REQUEST)] * 3, connections=1)
    assert min(exchange.latency for exchange in exchanges) >= STALL_S


def test_a_closed_loop_counts_only_its_own_answer() -> None:
    with service(OK, OK, stall=STALL_S) as port:
        began = time.perf_counter()
        times = one_after_the_other(port, REQUEST, 2)
        elapsed = time.perf_counter() - began
    assert STALL_S <= sum(times) <= elapsed


def test_it_sends_by_the_schedule() -> None:
    with service(OK, OK) as port:
        first, second = run(port, [Planned(0.0, REQUEST), Planned(0.1, REQUEST)], connections=1)
    assert second.scheduled - first.scheduled == pytest.approx(0.1)
    assert second.sent >= second.noticed >= second.scheduled


def test_it_puts_an_answer_together() -> None:
    with service(OK.replace(b"{}", b'{"a": 1}').replace(b"2\r\n", b"8\r\n")) as port:
        (exchange,) = run(port, [Planned(0.0, REQUEST)], connections=1)
    assert (exchange.head.split()[1], exchange.body) == (b"200", b'{"a": 1}')


def test_it_refuses_an_answer_that_is_not_200() -> None:
    with (
        service(OK.replace(b"200 OK", b"503 Away")) as port,
        pytest.raises(RefusedError, match="503 Away"),
    ):
        run(port, [Planned(0.0, REQUEST)], connections=1)


def test_it_refuses_a_connection_that_is_closed() -> None:
    with service() as port, pytest.raises(RefusedError, match="closed a connection"):
        run(port, [Planned(0.0, REQUEST)], connections=1)


def test_arrivals_come_at_the_rate_and_in_order() -> None:
    times = list(poisson(200, 60, seed=1))
    assert len(times) == pytest.approx(12_000, rel=0.05)
    assert times == sorted(times)
