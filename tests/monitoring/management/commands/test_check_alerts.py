"""``manage.py check_alerts``, as a person or a supervisor starts it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.core.management.base import OutputWrapper
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from logpipeline.models import DeadLetter
from monitoring.alerts import rounds
from monitoring.alerts.alive import is_alive
from monitoring.alerts.definitions import ALERTS
from monitoring.management.commands.check_alerts import run
from monitoring.models import Alert, DriftReport
from predictions.log.process import get_log_process
from tests.logpipeline.restored import as_before
from tests.monitoring.alerts.looks import MINUTE, NOON
from tests.predictions.logs import raising

# A command closes its connection at its end, and a process sees what was committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


@dataclass(frozen=True, slots=True)
class Seen:
    code: object
    out: str
    err: str


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Callable[..., Seen]:
    """Runs the command with these arguments, in this process."""

    def type_in(*arguments: str) -> Seen:
        command = load_command_class("monitoring", "check_alerts")
        code: object = 0
        with as_before():
            try:
                command.run_from_argv(["manage.py", "check_alerts", *arguments])
            except SystemExit as error:
                code = error.code
        # It outlives the captured streams, and would flush them.
        command.stdout = command.stderr = OutputWrapper(io.StringIO())
        return Seen(code, *capsys.readouterr())

    return type_in


Typed = Callable[..., Seen]


def add_letter(key: str = "1") -> None:
    DeadLetter.objects.create(key=key, original=b"{}")


def test_once_prints_a_line_for_each_alert(typed: Typed) -> None:
    seen = typed("--once")
    assert seen.code == 0
    assert [str(each.label) for each in ALERTS if str(each.label) not in seen.out] == []


def test_it_prints_nothing_where_nobody_wants_to_read(typed: Typed) -> None:
    assert typed("--once", "--verbosity", "0").out == ""


def test_once_opens_alerts_and_makes_a_drift_report(typed: Typed) -> None:
    add_letter()
    assert "firing (warning) since" in typed("--once").out
    assert (Alert.objects.get().name, DriftReport.objects.count()) == ("dead_letters", 1)


@pytest.mark.parametrize(
    ("letters", "arguments", "code"),
    [
        (1, [], 0),
        (1, ["--fail-on", "warning"], 1),
        (1, ["--fail-on", "critical"], 0),
        (100, ["--fail-on", "critical"], 1),
        (100, ["--fail-on", "warning"], 1),
        (0, ["--fail-on", "warning"], 0),
    ],
)
def test_the_exit_code_tells_a_script_what_it_asks_for(
    typed: Typed, letters: int, arguments: list[str], code: int
) -> None:
    for number in range(letters):
        add_letter(key=str(number))
    assert typed("--once", "--verbosity", "0", *arguments).code == code


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--once", "--continuous"],
        ["--once", "--interval", "0"],
        ["--once", "--fail-on", "everything"],
        ["--continuous", "--fail-on", "warning"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_2(typed: Typed, arguments: list[str]) -> None:
    assert typed(*arguments).code == 2


def test_what_cannot_be_evaluated_is_1_and_one_line(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "read_all", raising(OperationalError))
    seen = typed("--once")
    assert (seen.code, seen.out) == (1, "")
    assert "The alerts could not be evaluated." in seen.err
    assert caplog.messages == ["The alerts could not be evaluated: OperationalError"]


@pytest.mark.parametrize(
    ("arguments", "state"), [([], "pending"), (["--interval", "300"], "firing")]
)
def test_a_timer_that_comes_seldom_says_how_seldom(
    typed: Typed, settings: Settings, tmp_path: Path, arguments: list[str], state: str
) -> None:
    """Five minutes between two looks are a gap where one minute is usual."""
    settings.SPOOL_DIR = tmp_path
    get_log_process().spool.append([b"{}"])
    now = timezone.now()
    Alert.objects.create(
        name="spool",
        state="pending",
        severity="warning",
        value=1,
        worst=1,
        threshold=1,
        source="spool",
        started=now - timedelta(minutes=10),
        seen=now - timedelta(minutes=5),
    )
    typed("--once", "--verbosity", "0", *arguments)
    assert Alert.objects.get().state == state


class Stops:
    """After so many rounds; ``waits`` are those in between."""

    def __init__(self, rounds: int) -> None:
        self.waits: list[timedelta] = []
        self._rounds = rounds

    def __call__(self, wait: timedelta) -> bool:
        self.waits.append(wait)
        return len(self.waits) == self._rounds


def clock_from_noon() -> Callable[[], datetime]:
    moments = iter(NOON + number * MINUTE for number in range(1000))
    return lambda: next(moments)


def test_continuous_looks_again_after_the_interval() -> None:
    stops = Stops(3)
    add_letter()
    run(MINUTE, stops, clock_from_noon())
    assert stops.waits == [MINUTE] * 3
    assert Alert.objects.get().seen == NOON + 2 * MINUTE


def test_its_first_round_makes_no_drift_report() -> None:
    run(MINUTE, Stops(1), clock_from_noon())
    assert DriftReport.objects.count() == 0
    run(MINUTE, Stops(2), clock_from_noon())
    assert DriftReport.objects.get().created == NOON + MINUTE


def test_a_round_that_fails_is_not_the_last(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "read_all", raising(OperationalError))
    run(MINUTE, Stops(3), clock_from_noon())
    assert caplog.messages == ["The alerts could not be evaluated: OperationalError"] * 3


def test_it_lives_after_a_round(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    assert not is_alive()
    run(MINUTE, Stops(1), clock_from_noon())
    assert is_alive()
