import fcntl
import os
from pathlib import Path

import pytest

from predictions.log.spool_file import HEADER_BYTES, SpoolFile, read_header
from tests.predictions.logs import raising

ROOM = 100_000_000
# Three of them are longer than a piece of draining.
LONG = b"x" * 100_000


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
    assert file.read() == ([b"one", b"two"], 8)


def test_it_goes_on_where_the_draining_stopped(path: Path) -> None:
    file = filled(path, b"one", b"two", b"three")
    file.drained(4)
    file.close()
    assert read_header(path.read_bytes()) == HEADER_BYTES + 4
    successor = take_over(path)
    assert successor.read()[0] == [b"two", b"three"]
    assert successor.bytes_left == 10


def test_it_shrinks_once_all_is_drained(path: Path) -> None:
    file = filled(path, b"one")
    file.drained(file.read()[1])
    assert path.stat().st_size == HEADER_BYTES
    assert file.read() == ([], 0)


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


def test_it_takes_out_a_line_that_a_kill_cut_short(path: Path) -> None:
    filled(path, b"one").close()
    with path.open("ab") as file:
        file.write(b'{"torn')
    successor = take_over(path)
    assert successor.torn == b'{"torn'
    successor.append(b"two")
    assert successor.read()[0] == [b"one", b"two"]


def test_it_takes_out_a_torn_line_that_is_longer_than_a_piece(path: Path) -> None:
    filled(path, b"one").close()
    with path.open("ab") as file:
        file.write(10 * LONG)
    successor = take_over(path)
    assert successor.torn == 10 * LONG
    assert successor.read()[0] == [b"one"]


def test_it_has_a_line_whose_progress_was_not_written(path: Path) -> None:
    create(path).close()
    with path.open("ab") as file:
        file.write(b"one\n")
    assert take_over(path).read()[0] == [b"one"]


def never_empty(path: Path, lines: int) -> SpoolFile:
    """A file of whose lines one more was appended whenever one was drained."""
    file = filled(path, LONG)
    for number in range(lines):
        size = file.read(1)[1]
        file.append(b"%d" % number + LONG)
        file.drained(size)
    return file


def test_it_does_not_grow_while_as_much_is_drained_as_appended(path: Path) -> None:
    file = never_empty(path, 100)
    assert path.stat().st_size < 3_000_000
    assert file.read()[0] == [b"99" + LONG]


def test_a_cut_keeps_every_line_of_what_an_outage_has_left(path: Path) -> None:
    lines = [b"%d" % number + LONG for number in range(60)]
    file = filled(path, *lines)
    for _ in range(30):
        file.drained(file.read(1)[1])
    assert path.stat().st_size < 4_000_000
    left = []
    while file.bytes_left:
        found, size = file.read()
        left += found
        file.drained(size)
    assert left == lines[30:]


def test_it_stays_its_owners_when_it_is_cut(path: Path) -> None:
    file = never_empty(path, 100)
    assert SpoolFile.take(path, ROOM) is None
    file.close()
    assert take_over(path).read()[0] == [b"99" + LONG]


@pytest.mark.parametrize("failing", ["rename", "flock"])
def test_it_stays_as_it_is_where_it_cannot_be_cut(
    path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    file = filled(path, LONG)
    target = Path if failing == "rename" else fcntl
    monkeypatch.setattr(target, failing, raising(OSError))
    for number in range(30):
        size = file.read(1)[1]
        file.append(b"%d" % number + LONG)
        file.drained(size)
    assert path.stat().st_size > 3_000_000
    file.close()
    monkeypatch.undo()
    assert take_over(path).read()[0] == [b"29" + LONG]


def test_a_cut_that_the_disk_ends_early_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "pwrite", lambda descriptor, content, at: 1)
    file = never_empty(path, 30)
    assert path.stat().st_size > 3_000_000
    assert file.read()[0] == [b"29" + LONG]


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
    assert take_over(path).read() == ([], 0)


def test_it_undoes_a_write_that_the_disk_cut_short(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = filled(path, b"one")
    monkeypatch.setattr(
        "predictions.log.spool_file.pwrite", lambda fd, data, at: os.pwrite(fd, data[:2], at)
    )
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
    file.drained(file.read()[1])
    file.remove_if_empty()
    assert not path.exists()
