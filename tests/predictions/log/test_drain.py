import os
import signal
import time
from pathlib import Path

import pytest

from predictions.log.drain import Drainer, DrainTimer
from predictions.log.entry import Entries
from predictions.log.process import LogProcess
from predictions.log.transaction_log import LIST_KEY
from tests.conftest import Valkey
from tests.predictions.logs import (
    SHORT,
    batch_of,
    line,
    log_on,
    raising,
    stream_of,
    window_of,
)
from tests.waiting import wait_until


@pytest.fixture
def process(valkey: Valkey, tmp_path: Path) -> LogProcess:
    return log_on(valkey, tmp_path)


def test_it_delivers_what_waits(valkey: Valkey, process: LogProcess) -> None:
    given = [line(1), line(2)]
    process.spool.append(given)
    assert process.drainer.tick() == 2
    assert stream_of(valkey) == given
    assert process.spool.state().waiting == 0


def test_it_does_nothing_when_nothing_waits(valkey: Valkey, process: LogProcess) -> None:
    assert process.drainer.tick() == 0
    assert stream_of(valkey) == []


def test_late_entries_take_their_place_in_the_window(valkey: Valkey, process: LogProcess) -> None:
    at = [line(second) for second in range(5)]
    for second in (0, 3, 4):
        process.log.append(Entries(at[second]))
    process.spool.append([at[1], at[2]])
    process.drainer.tick()
    assert window_of(valkey) == at[::-1]


def test_an_entry_that_redis_took_after_all_is_in_the_window_once(
    valkey: Valkey, process: LogProcess
) -> None:
    taken = line(1)
    process.log.append(Entries(taken))
    process.log.append(Entries(line(2)))
    process.spool.append([taken])
    process.drainer.tick()
    assert window_of(valkey).count(taken) == 1


def test_the_window_keeps_its_size(valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(valkey, tmp_path, window=3)
    at = [line(second) for second in range(6)]
    process.log.append(Entries(at[5]))
    process.spool.append(at[:5])
    process.drainer.tick()
    assert window_of(valkey) == [at[5], at[4], at[3]]
    assert len(stream_of(valkey)) == 6


def test_a_batchs_rows_go_to_the_stream_only(valkey: Valkey, process: LogProcess) -> None:
    batch = batch_of(3)
    process.spool.append(list(batch))
    process.drainer.tick()
    assert window_of(valkey) == [batch.summary]
    assert stream_of(valkey) == list(batch)


def test_a_batchs_rows_may_wait_without_their_summary(valkey: Valkey, process: LogProcess) -> None:
    rows = list(batch_of(2).rows)
    process.spool.append(rows)
    process.drainer.tick()
    assert stream_of(valkey) == rows
    assert window_of(valkey) == []


def test_it_sets_aside_what_a_kill_has_torn(
    valkey: Valkey, process: LogProcess, tmp_path: Path
) -> None:
    whole = line()
    process.spool.append([whole, whole[:40], b"[]", b'{"data": 1}'])
    process.drainer.tick()
    assert stream_of(valkey) == [whole]
    assert (tmp_path / "torn").read_bytes().count(b"\n") == 3


def test_it_needs_no_entry_to_go_past_torn_lines(valkey: Valkey, process: LogProcess) -> None:
    process.spool.append([b"torn"])
    process.drainer.tick()
    assert process.spool.state().waiting == 0
    assert stream_of(valkey) == []


def test_it_keeps_everything_while_redis_is_away(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    process.spool.append([line()])
    own_valkey.kill()
    assert process.drainer.tick() == 0
    assert process.spool.state().waiting == 1


def test_it_repeats_one_piece_at_most_after_a_failure(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    given = [line(second, rows=["x" * 600_000]) for second in range(12)]
    process.spool.append(given)
    admin = own_valkey.client()
    admin.config_set("maxmemory", "4mb")
    process.drainer.tick()
    assert 0 < process.spool.state().waiting < 12
    admin.config_set("maxmemory", 0)
    process.drainer.tick()
    assert stream_of(own_valkey) == given


def test_a_drained_window_that_is_no_list_does_not_stop_the_delivery(
    valkey: Valkey, process: LogProcess
) -> None:
    valkey.client().set(LIST_KEY, "somebody else's")
    process.spool.append([line()])
    assert process.drainer.tick() == 1
    assert process.spool.state().waiting == 0


def test_it_asks_for_the_requests_whether_redis_is_back(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    own_valkey.kill()
    process.log.append(Entries(line()))
    own_valkey.start()
    process.drainer.tick()
    process.log.append(Entries(line()))
    assert process.spool.state().waiting == 0
    assert len(stream_of(own_valkey)) == 2


def test_a_hanging_redis_holds_the_timer_up_for_the_short_timeout_only(
    own_valkey: Valkey, tmp_path: Path
) -> None:
    process = log_on(own_valkey, tmp_path / "spool", timeout=SHORT)
    assert own_valkey.process is not None
    os.kill(own_valkey.process.pid, signal.SIGSTOP)
    process.log.append(Entries(line()))
    started = time.perf_counter()
    process.drainer.tick()
    assert time.perf_counter() - started < 1


def test_a_file_that_cannot_be_read_does_not_keep_the_others_waiting(
    valkey: Valkey, process: LogProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.spool.append([b"own"])
    broken = next(process.spool.files())
    monkeypatch.setattr(os, "pread", raising(OSError))
    assert broken.waiting == 1
    assert process.drainer.tick() == 0
    monkeypatch.undo()
    process.log.append(Entries(line()))
    assert len(stream_of(valkey)) == 1


def test_the_timer_drains_by_itself(valkey: Valkey, process: LogProcess) -> None:
    process.spool.append([line()])
    timer = DrainTimer(process.drainer, interval=0.01)
    timer.start()
    wait_until(lambda: len(stream_of(valkey)) == 1)
    timer.stop()
    assert process.spool.state().waiting == 0


def test_the_timer_outlives_a_failure_nobody_foresaw(
    valkey: Valkey,
    process: LogProcess,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    process.spool.append([line()])
    monkeypatch.setattr(Drainer, "tick", raising(ValueError))
    timer = DrainTimer(process.drainer, interval=0.01)
    timer.start()
    wait_until(lambda: "Draining the spool failed: ValueError" in caplog.messages)
    monkeypatch.undo()
    wait_until(lambda: len(stream_of(valkey)) == 1)
    timer.stop()
