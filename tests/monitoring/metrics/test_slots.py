"""A process's number: its own while it lives, the next one's afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitoring.metrics.slots import Slots, clear

HOLD = """
import sys
from pathlib import Path
from monitoring.metrics.slots import Slots
slots = Slots(Path(sys.argv[1]))
print(slots.number(), flush=True)
sys.stdin.read()
"""


def holding(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """Another process, and its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_it_is_the_first_that_no_living_process_holds(tmp_path: Path) -> None:
    other, its_number = holding(tmp_path)
    assert (its_number, Slots(tmp_path).number()) == (0, 1)
    end(other)


def test_it_is_a_killed_processes_number_again(tmp_path: Path) -> None:
    other, its_number = holding(tmp_path)
    end(other)
    assert Slots(tmp_path).number() == its_number


def test_it_stays_the_same(tmp_path: Path) -> None:
    slots = Slots(tmp_path)
    assert slots.number() == slots.number()


def test_a_forked_child_takes_another(tmp_path: Path) -> None:
    slots = Slots(tmp_path)
    number = slots.number()
    child = os.fork()
    if child == 0:
        os._exit(slots.number())
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == number + 1


def test_the_files_have_their_room_on_the_disk_from_the_start(tmp_path: Path) -> None:
    number = Slots(tmp_path).number()
    status = (tmp_path / f"histogram_{number}.db").stat()
    assert status.st_blocks * 512 >= status.st_size >= 1 << 20


def test_files_that_a_killed_process_left_are_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "counter_0.db").write_bytes(b"counted")
    Slots(tmp_path).number()
    assert (tmp_path / "counter_0.db").read_bytes() == b"counted"


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        Slots(tmp_path / "file" / "below").number()


def test_clearing_forgets_all_files(tmp_path: Path) -> None:
    Slots(tmp_path).number()
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_there_may_be_nothing_to_clear(tmp_path: Path) -> None:
    clear(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()
