import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from predictions.log import drain_thread
from predictions.log.drain import Drainer
from predictions.log.drain_thread import DrainThread
from predictions.log.entry import Entries
from predictions.log.process import LogProcess
from tests.conftest import Valkey
from tests.predictions.logs import line, log_on, raising, stream_of
from tests.waiting import wait_until


@pytest.fixture
def process(valkey: Valkey, tmp_path: Path) -> LogProcess:
    return log_on(valkey, tmp_path)


@pytest.fixture
def thread(process: LogProcess) -> Iterator[DrainThread]:
    thread = DrainThread(process.log, process.drainer)
    thread.start()
    yield thread
    thread.stop()


def stream_has(valkey: Valkey, count: int) -> bool:
    return len(stream_of(valkey)) == count


@pytest.mark.usefixtures("thread")
def test_it_delivers_what_is_appended_from_then_on(valkey: Valkey, process: LogProcess) -> None:
    given = [line(second) for second in range(3)]
    for count, each in enumerate(given, 1):
        process.log.append(Entries(each))
        wait_until(partial(stream_has, valkey, count))
    assert stream_of(valkey) == given


@pytest.mark.usefixtures("thread")
def test_it_delivers_what_waited_before_it_began(valkey: Valkey, process: LogProcess) -> None:
    process.spool.append([line()])
    wait_until(lambda: len(stream_of(valkey)) == 1)


@pytest.mark.usefixtures("thread")
def test_whoever_appends_does_not_deliver(
    process: LogProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    by: set[str] = set()
    monkeypatch.setattr(
        Drainer, "deliver", lambda self, **how: by.add(threading.current_thread().name)
    )
    process.log.append(Entries(line()))
    wait_until(lambda: bool(by))
    assert by == {"drain-spool"}


@pytest.fixture
def always_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain_thread, "BEHIND_BYTES", 0)


@pytest.mark.usefixtures("thread", "always_behind")
def test_whoever_appends_lets_it_deliver_where_it_is_behind(
    valkey: Valkey, process: LogProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain_thread, "HOLD_UP_SECONDS", 30)
    for count in range(1, 20):
        process.log.append(Entries(line(count)))
        assert len(stream_of(valkey)) == count


@pytest.mark.usefixtures("always_behind")
def test_nobody_waits_where_redis_is_away(
    own_valkey: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain_thread, "HOLD_UP_SECONDS", 30)
    process = log_on(own_valkey, tmp_path / "away")
    own_valkey.stop()
    thread = DrainThread(process.log, process.drainer)
    thread.start()
    began = time.monotonic()
    for second in range(20):
        process.log.append(Entries(line(second)))
    assert time.monotonic() - began < 10
    assert process.spool.waiting() == 20
    thread.stop()


@pytest.mark.usefixtures("thread", "always_behind")
def test_only_one_waits_for_a_delivery_that_hangs(
    valkey: Valkey, process: LogProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung, deliver = threading.Event(), Drainer.deliver
    monkeypatch.setattr(drain_thread, "HOLD_UP_SECONDS", 1)
    monkeypatch.setattr(Drainer, "deliver", lambda self, **how: hung.wait(60))
    began = time.monotonic()
    for second in range(30):
        process.log.append(Entries(line(second)))
    assert time.monotonic() - began < 15
    monkeypatch.setattr(Drainer, "deliver", deliver)
    monkeypatch.setattr(drain_thread, "HOLD_UP_SECONDS", 30)
    hung.set()
    wait_until(lambda: process.drainer.delivered == 30)
    process.log.append(Entries(line(30)))
    assert len(stream_of(valkey)) == 31


def test_it_delivers_what_is_left_before_it_stops(
    valkey: Valkey, process: LogProcess, thread: DrainThread
) -> None:
    process.log.append(Entries(line()))
    thread.stop()
    assert len(stream_of(valkey)) == 1


def test_without_it_whoever_appends_delivers(
    valkey: Valkey, process: LogProcess, thread: DrainThread
) -> None:
    thread.stop()
    process.log.append(Entries(line()))
    assert len(stream_of(valkey)) == 1


def test_it_outlives_a_failure_nobody_foresaw(
    valkey: Valkey,
    process: LogProcess,
    thread: DrainThread,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(Drainer, "deliver", raising(ValueError))
    process.log.append(Entries(line()))
    wait_until(lambda: "Draining the spool failed: ValueError" in caplog.messages)
    monkeypatch.undo()
    wait_until(lambda: len(stream_of(valkey)) == 1)
