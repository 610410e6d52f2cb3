import fcntl
import os
from pathlib import Path

import pytest

from predictions.log.spool_file import HEADER_BYTES, SpoolFile, read_header
from tests.predictions.logs import raising

ROOM = 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "worker.jsonl"


def create(path: Path, max_bytes: int = ROOM) -> SpoolFile:
    file = SpoolFile.take(path, max_bytes, create=True)
    assert file is not None
    return file


def take_over(path: Path) -> SpoolFile:
    """As the next worker does, once the owner has been killed."""
    file = SpoolFile.take(path, ROOM)
    assert file is not None
    return file


def filled(path: Path, *lines: bytes) -> SpoolFile:
    file = create(path)
    for each in lines:
        assert file.append(each)
    return file


def test_it_gives_the_lines_back_in_order(path: Path) -> None:
    file = filled(path, b"one", b"two")
    assert file.read() == ([b"one", b"two"], HEADER_BYTES + 8)


def test_it_tells_other_processes_how_many_lines_wait(path: Path) -> None:
    filled(path, b"one", b"two")
    assert read_header(path.read_bytes())[1] == 2


def test_it_goes_on_where_the_draining_stopped(path: Path) -> None:
    file = filled(path, b"one", b"two", b"three")
    file.drained(HEADER_BYTES + 4, 1)
    file.close()
    successor = take_over(path)
    assert successor.read()[0] == [b"two", b"three"]
    assert successor.waiting == 2


def test_it_shrinks_once_all_is_drained(path: Path) -> None:
    file = filled(path, b"one")
    file.drained(file.read()[1], 1)
    assert path.stat().st_size == HEADER_BYTES
    assert file.read() == ([], HEADER_BYTES)


def test_it_reads_in_pieces_of_whole_lines(path: Path) -> None:
    file = filled(path, b"a" * 10, b"b" * 10)
    assert file.read(15)[0] == [b"a" * 10]


def test_it_reads_a_line_that_is_longer_than_a_piece(path: Path) -> None:
    file = filled(path, b"a" * 1000)
    assert file.read(10)[0] == [b"a" * 1000]


def test_it_belongs_to_one_process(path: Path) -> None:
    owner = create(path)
    assert SpoolFile.take(path, ROOM) is None
    owner.close()


def test_it_is_not_taken_when_it_was_removed_meanwhile(path: Path) -> None:
    assert SpoolFile.take(path, ROOM) is None


def test_it_is_not_taken_when_its_last_owner_removed_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(path).close()
    really_open = os.open

    def open_and_lose(*args: object) -> int:
        descriptor = really_open(*args)  # type: ignore[arg-type]
        path.unlink()
        return descriptor

    monkeypatch.setattr(os, "open", open_and_lose)
    assert SpoolFile.take(path, ROOM) is None


def test_it_is_free_again_when_it_could_not_be_locked(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(path).close()
    monkeypatch.setattr(fcntl, "flock", raising(PermissionError))
    with pytest.raises(PermissionError):
        SpoolFile.take(path, ROOM)
    monkeypatch.undo()
    take_over(path).close()


def test_it_refuses_what_would_go_over_its_size(path: Path) -> None:
    file = create(path, max_bytes=HEADER_BYTES + 4)
    assert file.append(b"one")
    assert not file.append(b"two")
    assert file.read()[0] == [b"one"]


def test_it_ends_a_line_that_a_kill_cut_short(path: Path) -> None:
    filled(path, b"one").close()
    with path.open("ab") as file:
        file.write(b'{"torn')
    successor = take_over(path)
    successor.append(b"two")
    assert successor.read()[0] == [b"one", b'{"torn', b"two"]


def test_it_counts_a_line_whose_header_was_not_written(path: Path) -> None:
    create(path).close()
    with path.open("ab") as file:
        file.write(b"one\n")
    assert take_over(path).waiting == 1


@pytest.mark.parametrize("rest", [b"", b'{"drained_to', b"[]" + b" " * 61 + b"\n"])
def test_it_starts_over_when_its_header_is_not_whole(path: Path, rest: bytes) -> None:
    path.write_bytes(rest)
    file = take_over(path)
    file.append(b"one")
    assert file.read()[0][-1] == b"one"


def test_it_takes_a_kill_between_shrinking_and_the_header_as_drained(path: Path) -> None:
    file = filled(path, b"one")
    file.close()
    header = path.read_bytes()[:HEADER_BYTES].replace(b'"drained_to":64', b'"drained_to":68')
    path.write_bytes(header)
    assert take_over(path).read() == ([], HEADER_BYTES)


def test_it_undoes_a_write_that_the_disk_cut_short(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = filled(path, b"one")
    really_write = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: really_write(fd, data[:2], at))
    assert not file.append(b"two")
    monkeypatch.undo()
    assert path.read_bytes()[HEADER_BYTES:] == b"one\n"


def test_it_survives_a_disk_that_takes_nothing() -> None:
    # /dev/full answers every write with "no space left on device".
    descriptor = os.open("/dev/full", os.O_RDWR)
    file = SpoolFile(Path("/dev/full"), descriptor, ROOM)
    assert not file.append(b"one")
    file.close()


def test_it_is_removed_only_when_nothing_waits(path: Path) -> None:
    file = filled(path, b"one")
    file.remove_if_empty()
    assert path.exists()
    file.drained(file.read()[1], 1)
    file.remove_if_empty()
    assert not path.exists()
