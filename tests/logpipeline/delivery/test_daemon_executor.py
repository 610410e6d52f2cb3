"""Calls in threads of their own, which hold nobody up."""

import threading
from concurrent.futures import wait

import pytest

from logpipeline.delivery.daemon_executor import DaemonExecutor


def fail(sentence: str) -> None:
    raise LookupError(sentence)


def test_what_it_returns_is_the_result() -> None:
    future = DaemonExecutor().submit(divmod, 7, 2)
    wait([future], 10)
    assert future.result() == (3, 1)


def test_what_it_raises_is_the_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    # Python would tell stderr, too.
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    future = DaemonExecutor().submit(fail, sentence="not there")
    wait([future], 10)
    assert str(future.exception()) == "not there"


def test_several_run_at_once() -> None:
    both = threading.Barrier(2)
    futures = [DaemonExecutor().submit(both.wait, 10) for _ in range(2)]
    wait(futures, 10)
    assert sorted(future.result() for future in futures) == [0, 1]


def test_nobody_waits_for_its_threads() -> None:
    """The interpreter ends without those that are daemons."""
    future = DaemonExecutor().submit(lambda: threading.current_thread().daemon)
    wait([future], 10)
    assert future.result()
