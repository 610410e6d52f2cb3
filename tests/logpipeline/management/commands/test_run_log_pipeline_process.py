"""``manage.py run_log_pipeline`` as a process: signals, and a real terminal."""

import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from tests.conftest import Valkey
from tests.faults.pipeline import ROOT, World, ids, predictions
from tests.logpipeline.canned import CannedServer
from tests.waiting import wait_until

STARTS_WITHIN_S = 60


@pytest.fixture
def world(
    own_valkey: Valkey,
    elastic: Elasticsearch,
    elasticsearch_url: str,
    index_prefix: str,
    tmp_path: Path,
) -> World:
    return World(tmp_path / "var", own_valkey, elasticsearch_url, index_prefix)


def test_continuous_ends_in_order_by_sigterm(world: World) -> None:
    given = predictions(10)
    world.add(given)
    with world.pipeline("--continuous") as process:
        wait_until(lambda: world.counters()["read"] == 10, STARTS_WITHIN_S)
        assert process.stop() == 0
        assert (process.summary["read"], process.log) == (10, "")
    assert (world.ids_in("ml-api-logs"), world.at_rest()) == (ids(given), True)


def test_a_second_signal_ends_it_at_once(world: World) -> None:
    world.add(predictions(1))
    server = CannedServer(silent=True)
    with server.running() as url, world.pipeline("--continuous", ES_URL=url) as process:
        wait_until(lambda: bool(server.asked), STARTS_WITHIN_S)
        process.process.terminate()
        process.process.send_signal(signal.SIGINT)
        assert process.wait() == 0
        # No time for a summary.
        assert process.summary == {}


def test_a_terminal_shows_progress_and_then_the_table(world: World) -> None:
    world.add(predictions(20))
    terminal, stderr = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_log_pipeline", "--once"],
        cwd=ROOT,
        env=world.environment | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=stderr,
    )
    os.close(stderr)
    shown = b""
    # The end is an error on Linux, nothing on macOS.
    with suppress(OSError), os.fdopen(terminal, "rb", buffering=0) as file:
        while piece := file.read(65_536):
            shown += piece
    table, _ = process.communicate()
    assert (process.returncode, b"20/20" in shown) == (0, True)
    assert "│ read             │       20 │" in table.decode()
