import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from predictions.log.breaker import PAUSE_SECONDS
from predictions.log.entry import Entries
from predictions.log.process import LogProcess
from predictions.log.spool import Spool
from predictions.log.spool_file import SpoolFile
from predictions.log.transaction_log import LIST_KEY, STREAM_KEY
from tests.conftest import Valkey
from tests.predictions.logs import (
    PLENTY,
    SHORT,
    batch_of,
    line,
    log_on,
    raising,
    rows_line,
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
    assert process.drainer.deliver() == 2
    assert stream_of(valkey) == given
    assert process.spool.state().waiting == 0


def test_it_does_nothing_when_nothing_waits(valkey: Valkey, process: LogProcess) -> None:
    assert process.drainer.deliver() == 0
    assert stream_of(valkey) == []


def test_late_entries_take_their_place_in_the_window(valkey: Valkey, process: LogProcess) -> None:
    at = [line(second) for second in range(5)]
    for second in (0, 3, 4):
        process.log.append(Entries(at[second]))
    process.spool.append([at[2], at[1]])
    process.drainer.deliver()
    assert window_of(valkey) == at[::-1]


def test_an_entry_that_redis_took_after_all_is_in_the_window_once(
    valkey: Valkey, process: LogProcess
) -> None:
    taken = line(1)
    process.log.append(Entries(taken))
    process.log.append(Entries(line(2)))
    process.spool.append([taken])
    process.drainer.deliver()
    assert window_of(valkey).count(taken) == 1


def test_the_window_keeps_its_size(valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(valkey, tmp_path, window=3)
    at = [line(second) for second in range(6)]
    process.log.append(Entries(at[5]))
    process.spool.append(at[:5])
    process.drainer.deliver()
    assert window_of(valkey) == [at[5], at[4], at[3]]
    assert len(stream_of(valkey)) == 6


def test_a_batchs_rows_go_to_the_stream_only(valkey: Valkey, process: LogProcess) -> None:
    batch = batch_of(3)
    process.spool.append(list(batch))
    process.drainer.deliver()
    assert window_of(valkey) == [batch.summary]
    assert stream_of(valkey) == list(batch)


def test_a_batchs_rows_may_wait_without_their_summary(valkey: Valkey, process: LogProcess) -> None:
    rows = list(batch_of(2).rows)
    process.spool.append(rows)
    process.drainer.deliver()
    assert stream_of(valkey) == rows
    assert window_of(valkey) == []


def test_it_keeps_everything_while_redis_is_away(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    process.spool.append([line()])
    own_valkey.kill()
    assert process.drainer.deliver() == 0
    assert process.spool.state().waiting == 1


def test_it_repeats_one_piece_at_most_after_a_failure(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    given = [rows_line(part, filling="x" * 200_000) for part in range(12)]
    process.spool.append(given)
    admin = own_valkey.client()
    admin.config_set("maxmemory", "4mb")
    process.drainer.deliver()
    assert 0 < process.spool.state().waiting < 12
    admin.config_set("maxmemory", 0)
    wait_until(lambda: process.drainer.deliver() > 0)
    assert stream_of(own_valkey) == given


def test_a_drained_window_that_is_no_list_does_not_stop_the_delivery(
    valkey: Valkey, process: LogProcess
) -> None:
    valkey.client().set(LIST_KEY, "somebody else's")
    process.spool.append([line()])
    assert process.drainer.deliver() == 1
    assert process.spool.state().waiting == 0
    assert len(stream_of(valkey)) == 1


def test_a_full_redis_takes_neither_of_the_two_writes(own_valkey: Valkey, tmp_path: Path) -> None:
    own_valkey.client().config_set("maxmemory", 1)
    process = log_on(own_valkey, tmp_path / "spool")
    process.log.append(Entries(line()))
    assert own_valkey.client().exists(LIST_KEY, STREAM_KEY) == 0
    assert process.spool.state().waiting == 1


def test_a_stream_that_is_no_stream_keeps_the_entry_in_the_spool(
    valkey: Valkey, process: LogProcess
) -> None:
    valkey.client().set(STREAM_KEY, "somebody else's")
    process.log.append(Entries(line()))
    assert process.spool.state().waiting == 1
    assert window_of(valkey) == []


def test_an_outage_is_told_once_and_without_data(
    own_valkey: Valkey, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    own_valkey.kill()
    process.log.append(Entries(line()))
    # Long enough for a second try, which fails too.
    time.sleep(PAUSE_SECONDS)
    process.log.append(Entries(line()))
    assert caplog.messages == ["Redis does not take log entries: ConnectionError"]


def test_it_goes_on_by_itself_once_redis_is_back(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    own_valkey.kill()
    process.log.append(Entries(line()))
    own_valkey.start()
    wait_until(lambda: process.drainer.deliver() == 1)
    process.log.append(Entries(line()))
    assert process.spool.state().waiting == 0
    assert len(stream_of(own_valkey)) == 2


def test_a_redis_that_still_hangs_holds_it_up_for_the_short_timeout_only(
    own_valkey: Valkey, tmp_path: Path
) -> None:
    process = log_on(own_valkey, tmp_path / "spool", timeout=SHORT)
    assert own_valkey.process is not None
    os.kill(own_valkey.process.pid, signal.SIGSTOP)
    process.log.append(Entries(line()))
    time.sleep(PAUSE_SECONDS)
    started = time.perf_counter()
    assert process.drainer.deliver() == 0
    assert SHORT <= time.perf_counter() - started < 1


def test_a_hanging_redis_is_left_alone_for_a_while(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool", timeout=SHORT)
    assert own_valkey.process is not None
    os.kill(own_valkey.process.pid, signal.SIGSTOP)
    process.log.append(Entries(line()))
    started = time.perf_counter()
    for _ in range(10):
        process.log.append(Entries(line()))
    # Ten timeouts would take ten times as long.
    assert time.perf_counter() - started < 10 * SHORT / 2
    assert process.spool.state().waiting == 11


def test_it_drains_what_killed_workers_left_where_it_is_told_to(
    valkey: Valkey, process: LogProcess, tmp_path: Path
) -> None:
    killed = SpoolFile.take(tmp_path / "killed.jsonl", PLENTY, create=True)
    assert killed is not None
    killed.append(line())
    killed.close()
    assert process.drainer.deliver() == 0
    assert process.drainer.deliver(left_behind=True) == 1
    assert len(stream_of(valkey)) == 1


def test_threads_that_deliver_together_deliver_once(valkey: Valkey, process: LogProcess) -> None:
    given = [rows_line(part, filling="x" * 20_000) for part in range(50)]
    process.spool.append(given)
    with ThreadPoolExecutor(4) as threads:
        delivered = threads.map(lambda _: process.drainer.deliver(), range(4))
    assert sum(delivered) == 50
    assert stream_of(valkey) == given


def test_a_file_that_cannot_be_read_does_not_keep_the_others_waiting(
    valkey: Valkey,
    process: LogProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    process.spool.append([line()])
    other = Spool(tmp_path, PLENTY)
    other.append([line()])
    assert other.own is not None
    other.own.close()
    monkeypatch.setattr(process.spool.own, "read", raising(OSError))
    assert process.drainer.deliver(left_behind=True) == 1
    assert caplog.messages[0].endswith("cannot be drained: OSError")
    monkeypatch.undo()
    assert process.drainer.deliver() == 1
    assert len(stream_of(valkey)) == 2
