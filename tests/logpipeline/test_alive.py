"""The container's health check, as a process: 0 where a continuous pipeline of this host lives."""

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from logpipeline.alive import main
from logpipeline.models import SILENT_AFTER, PipelineRun
from logpipeline.process.runs import consumer_name
from tests.conftest import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent

# The process reads what was committed.
pytestmark = pytest.mark.django_db(transaction=True)


def run(**about: Any) -> PipelineRun:
    given = {"consumer": consumer_name(), "source": "redis", "mode": "continuous", **about}
    return PipelineRun.objects.create(**given)


def check(valkey: Valkey, database: str) -> tuple[int, str]:
    """Exit code and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "logpipeline.alive"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{database}", "REDIS_URL": valkey.url},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_pipeline_that_lives_is_0(valkey: Valkey) -> None:
    run()
    assert check(valkey, connection.settings_dict["NAME"]) == (0, "")


def test_a_database_that_is_away_is_1_and_one_line(valkey: Valkey) -> None:
    code, said = check(valkey, "/nowhere/db.sqlite3")
    assert (code, said) == (1, "The database does not answer (OperationalError).\n")


@pytest.fixture
def code_here(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The exit code without a process, in which Django is set up already."""
    monkeypatch.setattr("django.setup", lambda: None)
    return main


def test_none_is_1(code_here: Any) -> None:
    assert code_here() == 1


def test_one_that_lives_is_0_whatever_ended_before_it(code_here: Any) -> None:
    run(ended=timezone.now())
    run()
    assert code_here() == 0


@pytest.mark.parametrize(
    "about",
    [
        {"ended": timezone.now()},
        {"seen": timezone.now() - SILENT_AFTER - timedelta(seconds=1)},
        {"mode": "once"},
        {"consumer": f"{socket.gethostname()}-2-17-0123abcd"},
        {"consumer": "elsewhere-17-0123abcd"},
    ],
    ids=["ended", "silent", "once", "a host named alike", "another host"],
)
def test_another_kind_is_1(code_here: Any, about: dict[str, Any]) -> None:
    run(**about)
    assert code_here() == 1
