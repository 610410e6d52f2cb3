import os
from pathlib import Path

import pytest

from predictions.brief_io import pread, pwrite, random_bytes


@pytest.fixture
def descriptor(tmp_path: Path) -> int:
    return os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)


def test_it_reads_what_was_written(descriptor: int) -> None:
    assert pwrite(descriptor, b"with\0zeros\0", 5) == 11
    assert os.pread(descriptor, 100, 0) == b"\0" * 5 + b"with\0zeros\0"
    assert pread(descriptor, 100, 5) == b"with\0zeros\0"
    assert pread(descriptor, 4, 5) == b"with"


def test_there_is_nothing_behind_the_end(descriptor: int) -> None:
    assert pread(descriptor, 10, 1000) == b""


def test_it_writes_behind_two_gigabytes(descriptor: int) -> None:
    pwrite(descriptor, b"far", 5_000_000_000)
    assert pread(descriptor, 10, 5_000_000_000) == b"far"


def test_it_tells_why_it_could_not() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        pread(-1, 1, 0)
    full = os.open("/dev/full", os.O_RDWR)
    with pytest.raises(OSError, match="No space left"):
        pwrite(full, b"x", 0)


def test_random_bytes_are_other_ones_each_time() -> None:
    drawn = {random_bytes(16) for _ in range(10_000)}
    assert len(drawn) == 10_000
    # Each bit is set in half of them, give or take six standard deviations.
    ones = sum(int.from_bytes(each).bit_count() for each in drawn)
    assert abs(ones - 640_000) < 3_400


def test_more_random_bytes_than_there_are_at_once_are_refused() -> None:
    with pytest.raises(OSError, match="Input/output error"):
        random_bytes(257)
