"""What `make run` checks before it starts anything."""

import os
import stat
from pathlib import Path

import pytest

from heartrisk_site.environment import BadConfiguration, Environment
from tools.run.__main__ import checked_environment, writable_var_dir


@pytest.fixture
def without_key(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set, so that monkeypatch puts the tests' key back.
    monkeypatch.setenv("SECRET_KEY", "")


@pytest.mark.usefixtures("without_key")
def test_the_first_start_writes_a_key_and_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    env = checked_environment(tmp_path / ".env")
    assert f"SECRET_KEY={env.get('SECRET_KEY')}\n" in (tmp_path / ".env").read_text()
    assert capsys.readouterr().out == "heartrisk: wrote .env with a new SECRET_KEY.\n"


@pytest.mark.usefixtures("without_key")
def test_the_second_start_keeps_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = checked_environment(tmp_path / ".env").get("SECRET_KEY")
    monkeypatch.delenv("SECRET_KEY")
    assert checked_environment(tmp_path / ".env").get("SECRET_KEY") == first


def test_it_writes_no_file_where_the_environment_has_a_key(tmp_path: Path) -> None:
    checked_environment(tmp_path / ".env")
    assert list(tmp_path.iterdir()) == []


def test_it_stops_at_any_bad_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOOL_MAX_MB", "much")
    with pytest.raises(BadConfiguration, match="SPOOL_MAX_MB"):
        checked_environment(tmp_path / ".env")


def test_it_says_that_var_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    # Nothing is forbidden to root, as whom CI may run.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(BadConfiguration, match="cannot be written by this user"):
        writable_var_dir(Environment())


def test_it_makes_var_for_its_user_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    assert stat.S_IMODE(writable_var_dir(Environment()).stat().st_mode) == 0o700
