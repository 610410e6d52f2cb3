import os
import signal
import time
from pathlib import Path

import pytest

from predictions.log.breaker import PAUSE_SECONDS
from predictions.log.entry import Entries
from predictions.log.transaction_log import LIST_KEY, STREAM_KEY, NoLog, in_pieces
from tests.conftest import Valkey
from tests.predictions.logs import SHORT, batch_of, line, log_on, stream_of, window_of


def test_an_entry_is_in_the_window_and_in_the_stream(valkey: Valkey, tmp_path: Path) -> None:
    entry = line()
    log_on(valkey, tmp_path).log.append(Entries(entry))
    assert window_of(valkey) == [entry]
    assert stream_of(valkey) == [entry]


def test_the_window_keeps_the_newest(valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(valkey, tmp_path, window=2)
    given = [line(second) for second in range(3)]
    for each in given:
        process.log.append(Entries(each))
    assert window_of(valkey) == [given[2], given[1]]
    assert stream_of(valkey) == given


def test_a_batchs_rows_are_in_the_stream_only(valkey: Valkey, tmp_path: Path) -> None:
    batch = batch_of(3)
    log_on(valkey, tmp_path).log.append(batch)
    assert window_of(valkey) == [batch.summary]
    assert stream_of(valkey) == list(batch)


def test_what_redis_does_not_take_waits_in_the_spool(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    own_valkey.kill()
    batch = batch_of(2)
    process.log.append(batch)
    assert process.spool.state().waiting == 3
    assert [each for file in process.spool.files() for each in file.read()[0]] == list(batch)


def test_a_full_redis_takes_neither_of_the_two_writes(own_valkey: Valkey, tmp_path: Path) -> None:
    own_valkey.client().config_set("maxmemory", 1)
    process = log_on(own_valkey, tmp_path / "spool")
    process.log.append(Entries(line()))
    assert own_valkey.client().exists(LIST_KEY, STREAM_KEY) == 0
    assert process.spool.state().waiting == 1


def test_a_window_that_is_no_list_does_not_deliver_an_entry_twice(
    valkey: Valkey, tmp_path: Path
) -> None:
    valkey.client().set(LIST_KEY, "somebody else's")
    process = log_on(valkey, tmp_path)
    process.log.append(Entries(line()))
    assert len(stream_of(valkey)) == 1
    assert process.spool.state().waiting == 0


def test_a_stream_that_is_no_stream_sends_the_entry_to_the_spool(
    valkey: Valkey, tmp_path: Path
) -> None:
    valkey.client().set(STREAM_KEY, "somebody else's")
    process = log_on(valkey, tmp_path)
    process.log.append(Entries(line()))
    assert process.spool.state().waiting == 1


def test_a_hanging_redis_costs_one_request_its_timeout_and_the_others_nothing(
    own_valkey: Valkey, tmp_path: Path
) -> None:
    process = log_on(own_valkey, tmp_path / "spool", timeout=SHORT)
    process.log.append(Entries(line()))
    assert own_valkey.process is not None
    os.kill(own_valkey.process.pid, signal.SIGSTOP)
    process.log.append(Entries(line()))
    started = time.perf_counter()
    for _ in range(10):
        process.log.append(Entries(line()))
    # Ten timeouts would take ten times as long.
    assert time.perf_counter() - started < 10 * SHORT / 2
    assert process.spool.state().waiting == 11


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


def test_a_batch_that_breaks_off_spools_the_rest(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    own_valkey.client().config_set("maxmemory", "4mb")
    rows = [line(part, rows=["x" * 700_000]) for part in range(20)]
    process.log.append(Entries(line(), rows))
    delivered = own_valkey.client().xlen(STREAM_KEY)
    assert 0 < delivered < 21
    assert process.spool.state().waiting == 21 - delivered


def test_large_batches_are_sent_in_pieces() -> None:
    entries = [b"x" * 4, b"y" * 4, b"z" * 20, b"."]
    assert list(in_pieces(entries, 8)) == [entries[:2], entries[2:3], entries[3:]]


def test_nothing_is_no_piece() -> None:
    assert list(in_pieces([])) == []


def test_a_log_that_is_off_takes_everything() -> None:
    NoLog().append(Entries(b""))
