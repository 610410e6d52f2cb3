"""The lock files and how they are made."""

from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import lock

SOURCE = """\
# What it needs.

-c requirements.txt
django>=5.2,<5.3          # web framework
Psycopg[binary]           # driver
"""
RESOLVED = """\
asgiref==3.13.0
    # via django
django==5.2.19
    # via -r requirements.in
psycopg==3.3.9 ; python_version >= '3.11'
"""


def test_it_reads_what_each_direct_dependency_is_for() -> None:
    assert lock.comments(SOURCE) == {"django": "web framework", "psycopg": "driver"}


def test_it_puts_the_reason_above_the_locked_line() -> None:
    assert lock.annotate(RESOLVED, lock.comments(SOURCE)) == (
        "asgiref==3.13.0\n"
        "    # via django\n"
        "# web framework\n"
        "django==5.2.19\n"
        "    # via -r requirements.in\n"
        "# driver\n"
        "psycopg==3.3.9 ; python_version >= '3.11'\n"
    )


def requirements_of(path: Path) -> list[Requirement]:
    lines = (line.partition(" #")[0].strip() for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line and line[0].isalpha()]


@pytest.mark.parametrize("name", lock.LOCKS)
def test_every_direct_dependency_has_a_reason(name: str) -> None:
    source = lock.ROOT / f"{name}.in"
    wanted = {canonicalize_name(each.name) for each in requirements_of(source)}
    assert wanted == set(lock.comments(source.read_text()))


@pytest.mark.parametrize("name", lock.LOCKS)
def test_the_lock_pins_every_direct_dependency_within_its_bounds(name: str) -> None:
    pinned = {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in requirements_of(lock.ROOT / f"{name}.txt")
    }
    outside = [
        each.name
        for each in requirements_of(lock.ROOT / f"{name}.in")
        if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"))
    ]
    assert outside == []


@pytest.mark.parametrize("name", lock.LOCKS)
def test_the_lock_carries_every_reason(name: str) -> None:
    locked = (lock.ROOT / f"{name}.txt").read_text().splitlines()
    reasons = lock.comments((lock.ROOT / f"{name}.in").read_text()).values()
    assert [reason for reason in reasons if f"# {reason}" not in locked] == []


@pytest.mark.parametrize("name", lock.LOCKS)
def test_the_lock_names_no_host_and_no_folder_of_a_machine(name: str) -> None:
    text = (lock.ROOT / f"{name}.txt").read_text()
    assert "http://" not in text
    assert "https://" not in text
    assert str(lock.ROOT) not in text


def test_both_locks_agree_on_every_package_they_share() -> None:
    running, developing = (
        {each.name: str(each.specifier) for each in requirements_of(lock.ROOT / f"{name}.txt")}
        for name in lock.LOCKS
    )
    shared = running.keys() & developing.keys()
    assert {name: running[name] for name in shared} == {name: developing[name] for name in shared}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two inputs without a dependency: resolving them asks no registry."""
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    for name in lock.LOCKS:
        (tmp_path / f"{name}.in").write_text("# Nothing.\n")
    return tmp_path


def test_it_writes_both_locks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["lock", "--upgrade"])
    assert lock.main() == 0
    written = (folder / "requirements-dev.txt").read_text()
    assert written == "# Made from requirements-dev.in by `make lock`. Do not edit.\n\n"


def test_it_checks_every_python_and_platform(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lock, "PYTHONS", ("3.11", "3.14"))
    monkeypatch.setattr(lock, "PLATFORMS", ("x86_64-manylinux_2_28",))
    for name in lock.LOCKS:
        (folder / f"{name}.txt").touch()
    monkeypatch.setattr("sys.argv", ["lock", "--check"])
    assert lock.main() == 0
    assert capsys.readouterr().out.count("wheels  requirements") == 4


def test_it_names_the_lock_that_does_not_resolve(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lock, "PYTHONS", ("3.11",))
    monkeypatch.setattr(lock, "PLATFORMS", ("x86_64-manylinux_2_28",))
    (folder / "requirements.txt").write_text("not a requirement!\n")
    (folder / "requirements-dev.txt").touch()
    assert lock.check() == 1
    assert "FAILED  requirements.txt  3.11  x86_64-manylinux_2_28\n" in capsys.readouterr().out
