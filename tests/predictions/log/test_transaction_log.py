from pathlib import Path

import pytest

from predictions.log.entry import Entries
from predictions.log.spool import SpoolState
from predictions.log.transaction_log import NoLog
from tests.conftest import Valkey
from tests.predictions.logs import (
    batch_of,
    line,
    log_on,
    raising,
    rows_line,
    stream_of,
    window_of,
)


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


def test_an_entry_is_on_the_disk_before_anything_else_is_tried(
    valkey: Valkey, tmp_path: Path
) -> None:
    process = log_on(valkey, tmp_path)
    process.log.deliver = raising(RuntimeError)
    batch = batch_of(2)
    with pytest.raises(RuntimeError):
        process.log.append(batch)
    assert process.spool.own is not None
    assert process.spool.own.read()[0] == list(batch)


def test_what_redis_does_not_take_waits_in_the_spool(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    own_valkey.kill()
    batch = batch_of(2)
    process.log.append(batch)
    assert process.spool.state().waiting == 3
    assert process.spool.own is not None
    assert process.spool.own.read()[0] == list(batch)


def test_a_batch_that_breaks_off_keeps_the_rest(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    own_valkey.client().config_set("maxmemory", "4mb")
    rows = [rows_line(part, filling="x" * 230_000) for part in range(20)]
    process.log.append(Entries(line(), rows))
    delivered = len(stream_of(own_valkey))
    assert 0 < delivered < 21
    assert process.spool.state().waiting == 21 - delivered


def test_redis_takes_what_the_disk_does_not(valkey: Valkey, tmp_path: Path) -> None:
    folder = tmp_path / "a file where the folder should be"
    folder.touch()
    process = log_on(valkey, folder)
    batch = batch_of(2)
    process.log.append(batch)
    assert stream_of(valkey) == list(batch)
    assert window_of(valkey) == [batch.summary]
    assert process.spool.state() == SpoolState(waiting=0, dropped=0)


def test_redis_takes_what_does_not_fit(valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(valkey, tmp_path, spool_bytes=100)
    entry = line()
    process.log.append(Entries(entry))
    assert stream_of(valkey) == [entry]
    assert process.spool.state().dropped == 0


def test_what_neither_takes_is_dropped_and_counted(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool", spool_bytes=100)
    own_valkey.kill()
    for entries in (Entries(line()), batch_of(2)):
        process.log.append(entries)
    assert process.spool.state() == SpoolState(waiting=0, dropped=1 + 1 + 2 * 3)


def test_a_log_that_is_off_takes_everything() -> None:
    NoLog().append(Entries(b""))
