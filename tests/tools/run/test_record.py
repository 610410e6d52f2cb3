"""What runs now, and who may start."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from heartrisk_site.environment import BadConfiguration
from tools.run import record as record_module
from tools.run.record import Record

URL = "http://127.0.0.1:8000/"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that an earlier run has left."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    record = Record(tmp_path)
    record.claim()
    yield record
    record.clear()


def test_it_tells_another_shell_what_runs(record: Record) -> None:
    record.write(URL, {"web": os.getpid()})
    recorded = record.read()
    assert (recorded["supervisor"], recorded["url"]) == (os.getpid(), URL)
    assert recorded["services"]["web"]["pid"] == os.getpid()


def test_it_refuses_a_second_run_in_one_line(record: Record, tmp_path: Path) -> None:
    record.write(URL, {})
    with pytest.raises(BadConfiguration) as stop:
        Record(tmp_path).claim()
    assert f"it runs already (process {os.getpid()}, {URL})" in str(stop.value)


def test_it_refuses_a_second_run_before_the_first_has_an_address(
    record: Record, tmp_path: Path
) -> None:
    with pytest.raises(BadConfiguration, match="starting"):
        Record(tmp_path).claim()


def test_it_knows_nothing_after_an_orderly_end(record: Record) -> None:
    record.write(URL, {})
    record.clear()
    assert record.read() == {}


def test_it_lets_another_start_after_an_orderly_end(record: Record, tmp_path: Path) -> None:
    record.clear()
    second = Record(tmp_path)
    second.claim()
    second.clear()


def test_it_ends_what_a_killed_run_left(record: Record, sleeper: subprocess.Popen[bytes]) -> None:
    record.write(URL, {"web": sleeper.pid})
    assert record.end_leftovers() == ["web"]
    assert not psutil.pid_exists(sleeper.pid)


def test_it_kills_what_does_not_end(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_module, "_LEFTOVER_ENDS_WITHIN_S", 0.1)
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", deaf]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        record.write(URL, {"web": process.pid})
        record.end_leftovers()
        assert process.wait(5) == -signal.SIGKILL


def test_it_spares_a_stranger_with_a_recorded_pid(
    record: Record, sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    record.write(URL, {"web": sleeper.pid})
    file = tmp_path / "run" / "processes.json"
    recorded = json.loads(file.read_text())
    recorded["services"]["web"]["born"] -= 1000
    file.write_text(json.dumps(recorded))
    assert record.end_leftovers() == []
    assert sleeper.poll() is None


def test_it_finds_nothing_where_all_have_ended(record: Record) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    record.write(URL, {"web": process.pid})
    assert record.end_leftovers() == []


def test_it_passes_over_half_a_file(record: Record, tmp_path: Path) -> None:
    (tmp_path / "run" / "processes.json").write_text("{")
    assert record.end_leftovers() == []
