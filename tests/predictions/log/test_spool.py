import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from predictions.log.entry import as_json, timestamp
from predictions.log.spool import DROPPED_RECORD_BYTES, Spool, SpoolState
from predictions.log.spool_file import SpoolFile
from tests.predictions.logs import PLENTY, batch_of, entry, ids_of, line

FULL = 100


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path, PLENTY)


def waiting_lines(spool: Spool) -> list[bytes]:
    own = spool.own.read()[0] if spool.own is not None else []
    return own + [each for file in spool.left_behind() for each in file.read()[0]]


def orphan(folder: Path, *lines: bytes) -> Path:
    """The file of a worker that was killed: its lock is gone with it."""
    path = folder / "killed.jsonl"
    file = SpoolFile.take(path, PLENTY, create=True)
    assert file is not None
    for each in lines:
        file.append(each)
    file.close()
    return path


def test_it_keeps_the_entries_as_they_are(spool: Spool) -> None:
    given = [line(1), line(2)]
    spool.append(given)
    assert waiting_lines(spool) == given
    assert spool.state() == SpoolState(waiting=2, dropped=0)


def test_it_is_readable_by_its_owner_only(spool: Spool) -> None:
    spool.append([line()])
    modes = {path.stat().st_mode & 0o777 for path in spool.folder.glob("*.jsonl")}
    assert modes == {0o600}


def test_it_counts_the_entries_of_every_worker(spool: Spool) -> None:
    other = Spool(spool.folder, PLENTY)
    other.append([line()])
    spool.append([line(), line()])
    assert spool.state().waiting == 3
    assert len(list(spool.folder.glob("*.jsonl"))) == 2


def test_it_counts_nothing_before_the_first_entry(tmp_path: Path) -> None:
    assert Spool(tmp_path / "missing", PLENTY).state() == SpoolState(0, 0)


def test_it_goes_on_in_a_killed_workers_file(spool: Spool) -> None:
    path = orphan(spool.folder, b"first")
    spool.append([b"second"])
    assert list(spool.folder.glob("*.jsonl")) == [path]
    assert waiting_lines(spool) == [b"first", b"second"]


def test_it_offers_a_killed_workers_file_for_draining(spool: Spool) -> None:
    spool.append([b"own"])
    orphan(spool.folder, b"left behind")
    assert waiting_lines(spool) == [b"own", b"left behind"]


def test_it_removes_a_killed_workers_file_once_it_is_drained(spool: Spool) -> None:
    path = orphan(spool.folder, b"left behind")
    for file in spool.left_behind():
        file.drained(file.read()[1])
    assert not path.exists()


def test_it_leaves_a_live_workers_file_alone(spool: Spool) -> None:
    other = Spool(spool.folder, PLENTY)
    other.append([b"theirs"])
    assert waiting_lines(spool) == []


def test_it_tries_again_when_its_new_file_was_taken_for_an_orphan(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[SpoolFile | None] = [None]
    really_take = SpoolFile.take

    def take(path: Path, max_bytes: int, **how: Any) -> SpoolFile | None:
        return taken.pop() if taken else really_take(path, max_bytes, **how)

    monkeypatch.setattr(SpoolFile, "take", take)
    spool.append([b"one"])
    assert waiting_lines(spool) == [b"one"]


def test_it_takes_a_file_of_its_own_after_a_fork(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.append([b"parent"])
    monkeypatch.setattr(os, "getpid", lambda: -1)
    spool.append([b"child"])
    assert len(list(spool.folder.glob("*.jsonl"))) == 2


def keep(spool: Spool, entries: Sequence[bytes]) -> None:
    """As the log does while Redis is away."""
    refused = spool.append(entries)
    if refused:
        spool.drop(refused)


def test_it_gives_back_what_does_not_fit(tmp_path: Path) -> None:
    spool = Spool(tmp_path, FULL)
    long = line()
    assert spool.append([b"short", long, b"enough"]) == [long]
    assert waiting_lines(spool) == [b"short", b"enough"]


def test_a_full_spool_records_the_id_of_each_dropped_entry(tmp_path: Path) -> None:
    spool = Spool(tmp_path, FULL)
    dropped = entry(5)
    keep(spool, [orjson.dumps(dropped)])
    record = (tmp_path / "dropped").read_text()
    assert record == f"{dropped['timestamp']} {dropped['data']['transaction_id']}\n"
    assert spool.state() == SpoolState(waiting=0, dropped=1)


def test_a_dropped_batch_records_the_id_of_each_row(tmp_path: Path) -> None:
    spool = Spool(tmp_path, FULL)
    keep(spool, list(batch_of(2)))
    assert spool.state().dropped == 1 + 2 * 3
    assert (tmp_path / "dropped").stat().st_size == 7 * DROPPED_RECORD_BYTES


def test_every_worker_adds_to_the_same_record_of_dropped_ids(tmp_path: Path) -> None:
    given = [line(), line()]
    for each in given:
        keep(Spool(tmp_path, FULL), [each])
    recorded = (tmp_path / "dropped").read_text().split()[1::2]
    assert recorded == ids_of(given)


def test_it_counts_in_memory_when_the_disk_takes_nothing_at_all(tmp_path: Path) -> None:
    file = tmp_path / "a file where the folder should be"
    file.touch()
    spool = Spool(file, PLENTY)
    keep(spool, [line(), line()])
    assert spool.unrecorded == 2


def test_it_tells_once_that_it_drops(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = Spool(tmp_path, FULL)
    for _ in range(3):
        keep(spool, [line()])
    told = "Log entries are dropped: Redis is away and the spool takes no more"
    assert caplog.messages == [told]


def test_it_tells_again_when_it_drops_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(tmp_path, FULL)
    for each in (line(), b"short enough", line()):
        keep(spool, [each])
    assert len(caplog.messages) == 2


def test_it_counts_in_memory_when_a_record_is_cut_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path, FULL)
    monkeypatch.setattr(os, "write", lambda fd, data: 1)
    keep(spool, [line()])
    assert spool.unrecorded == 1
    assert spool.state().dropped == 1


def test_it_gives_a_file_back_when_draining_fails(spool: Spool) -> None:
    orphan(spool.folder, b"one")
    files = spool.left_behind()
    next(files)
    files.close()
    assert waiting_lines(spool) == [b"one"]


def test_it_sets_aside_what_a_kill_has_torn(spool: Spool) -> None:
    path = orphan(spool.folder, b"whole")
    with path.open("ab") as file:
        file.write(b'{"torn')
    spool.append([b"own"])
    assert waiting_lines(spool) == [b"whole", b"own"]
    assert (spool.folder / "torn").read_bytes() == b'{"torn\n'


@pytest.mark.parametrize(("seconds_ago", "waiting"), [(0, 0), (2, 2)])
def test_what_is_on_its_way_does_not_count_as_waiting(
    spool: Spool, seconds_ago: int, waiting: int
) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    spool.append([as_json({"timestamp": timestamp(each)}) for each in (moment, moment)])
    assert spool.state().waiting == waiting


def test_a_file_that_cannot_be_opened_does_not_keep_a_worker_from_its_own(
    spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    # Opening a folder for writing fails for every user.
    (spool.folder / "foreign.jsonl").mkdir()
    spool.append([b"own"])
    assert waiting_lines(spool) == [b"own"]
    assert caplog.messages == ["foreign.jsonl cannot be drained: IsADirectoryError"]
