"""How `make lint` reports; what its checks find is tested by running it."""

import sys

import pytest

from tools import lint
from tools.lint import Check, main, passes

GOOD = Check("good", (sys.executable, "-c", "print('noise')"))
BAD = Check("bad", (sys.executable, "-c", "print('the reason'); raise SystemExit(1)"))


def test_it_says_nothing_of_a_good_check_but_that(capsys: pytest.CaptureFixture[str]) -> None:
    assert passes(GOOD)
    said = capsys.readouterr().out
    assert said.startswith("passed   good")
    assert "noise" not in said


def test_it_gives_the_reason_of_a_bad_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert not passes(BAD)
    assert "the reason" in capsys.readouterr().out


def test_it_tells_what_could_not_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert passes(Check("half", (sys.executable, "-c", "print('skipped  half of it')")))
    assert capsys.readouterr().out == "skipped  half of it\n"


def test_it_runs_all_and_names_the_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lint, "CHECKS", (BAD, GOOD))
    assert main() == 1
    assert capsys.readouterr().out.endswith("failed: bad\n")


def test_it_is_content_when_all_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lint, "CHECKS", (GOOD,))
    assert main() == 0
    assert capsys.readouterr().out.endswith("every check passed\n")


def test_it_runs_in_a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_PORT", "not a port")
    code = "import os; raise SystemExit(os.environ['API_PORT'] != '')"
    assert passes(Check("environment", (sys.executable, "-c", code)))
