"""What is said of known vulnerabilities."""

from pathlib import Path
from typing import Any

import pytest

from tools import advisories
from tools.advisories import audit, main, verdict

SOUND: dict[str, Any] = {"name": "sound", "version": "1.0", "vulns": []}
BAD: dict[str, Any] = {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-2026-1"}]}
UNKNOWN: dict[str, Any] = {"name": "new", "skip_reason": "Dependency not found on PyPI"}


def test_it_is_content_with_sound_packages() -> None:
    assert verdict("lock", [SOUND, SOUND]) == (True, [])


def test_it_names_the_vulnerable_package_and_the_advisory() -> None:
    assert verdict("lock", [SOUND, BAD]) == (False, ["bad 2.0: PYSEC-2026-1"])


def test_it_says_that_it_could_not_ask() -> None:
    skipped = "skipped  advisories of lock: their source could not be reached"
    assert verdict("lock", []) == (True, [skipped])
    assert verdict("lock", [UNKNOWN]) == (True, [skipped])


def test_it_counts_the_packages_it_knows_nothing_of() -> None:
    good, lines = verdict("lock", [SOUND, UNKNOWN])
    assert good
    assert lines == ["skipped  advisories of 1 packages of lock: nothing known of them"]


@pytest.mark.parametrize("content", ["", "not a requirement!\n"])
def test_pip_audit_knows_nothing_of_no_package(content: str, tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(content)
    assert audit(str(lock)) == []


def test_it_fails_only_for_what_is_vulnerable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {"requirements.txt": [SOUND], "requirements-dev.txt": [BAD]}
    monkeypatch.setattr(advisories, "audit", found.__getitem__)
    assert main() == 1
    assert capsys.readouterr().out == "bad 2.0: PYSEC-2026-1\n"
