"""``manage.py check_alerts --continuous`` as a process: signals, and a database that is away."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from heartrisk_site.variables import BASE_DIR
from monitoring.models import AlertEvent
from tests.conftest import Valkey
from tests.monitoring.alerts.hook import Hook
from tests.monitoring.alerts.looks import an_event
from tests.waiting import wait_until

# The process sees what was committed.
pytestmark = pytest.mark.django_db(transaction=True)
STARTS_WITHIN_S = 60


@contextmanager
def continuous(valkey: Valkey, var_dir: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """As a process, with this test's database."""
    (var_dir / "static").mkdir()
    given = {
        "VAR_DIR": str(var_dir),
        "REDIS_URL": valkey.url,
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "ALERTS_INTERVAL": "1",
    }
    with subprocess.Popen(
        [sys.executable, "manage.py", "check_alerts", "--continuous"],
        cwd=BASE_DIR,
        env={**os.environ, **given, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, float, str]:
    """Exit code, seconds until then, and all that it printed."""
    began = time.monotonic()
    process.send_signal(number)
    said, _ = process.communicate(timeout=30)
    return process.returncode, time.monotonic() - began, said


def test_a_signal_ends_it_at_once_and_it_has_said_nothing(valkey: Valkey, tmp_path: Path) -> None:
    with continuous(valkey, tmp_path, ALERTS_INTERVAL="60") as process:
        wait_until((tmp_path / "alerts.alive").exists, STARTS_WITHIN_S)
        code, seconds, said = end(process, signal.SIGTERM)
    assert (code, said) == (0, "")
    assert seconds < 2


def test_a_signal_does_not_wait_for_a_webhook_that_hangs(valkey: Valkey, tmp_path: Path) -> None:
    event = an_event(at=timezone.now())
    with (
        Hook(silent=True).running() as hook,
        continuous(valkey, tmp_path, ALERT_WEBHOOK_URL=hook.url) as process,
    ):
        wait_until(lambda: bool(hook.bodies), STARTS_WITHIN_S)
        code, seconds, _ = end(process, signal.SIGINT)
    assert code == 0
    assert seconds < 2
    assert AlertEvent.objects.get(pk=event.pk).told is None


def test_without_a_database_it_goes_on_with_a_line_each_round(
    valkey: Valkey, tmp_path: Path
) -> None:
    away = f"sqlite:///{tmp_path}/nowhere/db.sqlite3"
    line = "monitoring.alerts.rounds: The alerts could not be evaluated: OperationalError"
    with continuous(valkey, tmp_path, DATABASE_URL=away) as process:
        assert process.stdout is not None
        found = [process.stdout.readline() for _ in range(5)]
        code, _, _ = end(process, signal.SIGTERM)
    assert code == 0
    assert sum(line in each for each in found) >= 2
    assert not any("Traceback" in each for each in found)
