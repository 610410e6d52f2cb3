"""The sign of life of an evaluator, and the container's health check that looks for it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from heartrisk_site.variables import BASE_DIR
from monitoring.alerts import alive
from tests.monitoring.alerts.looks import MINUTE


@pytest.fixture
def var_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_who_is_silent_for_long_is_dead(var_dir: Path) -> None:
    alive.sign_of_life(MINUTE)
    until = (var_dir / "alerts.alive").stat().st_mtime
    assert 3 * 60 - 5 < until - time.time() <= 3 * 60
    os.utime(var_dir / "alerts.alive", (0, time.time() - 1))
    assert not alive.is_alive()


def test_a_disk_that_cannot_be_written_ends_nothing(var_dir: Path, settings: Settings) -> None:
    settings.VAR_DIR = var_dir / "nowhere"
    alive.sign_of_life(MINUTE)
    assert not alive.is_alive()


@pytest.mark.parametrize(("lives", "code"), [(True, 0), (False, 1)])
def test_the_health_check_is_an_exit_code(var_dir: Path, lives: bool, code: int) -> None:
    if lives:
        alive.sign_of_life(MINUTE)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "monitoring.alerts.alive"],
        cwd=BASE_DIR,
        env={**os.environ, "VAR_DIR": str(var_dir)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")
