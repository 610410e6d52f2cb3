"""`tools/venv.sh`: finds a Python that will do, or says in one line what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from heartrisk_site.variables import BASE_DIR

SCRIPT = BASE_DIR / "tools" / "venv.sh"
TOO_OLD = "exit 1"
# Says yes to the version, no to the modules.
WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1;; esac; exit 0'
REAL = f'exec "{sys.executable}" "$@"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty project with an empty PATH beside it."""
    (tmp_path / "bin").mkdir()
    for needed in ("rm", "sh"):
        (tmp_path / "bin" / needed).symlink_to(str(shutil.which(needed)))
    return tmp_path


def add_python(folder: Path, name: str, script: str) -> None:
    path = folder / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run(folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": str(folder / "bin"), "HOME": str(folder)}
    command = [str(shutil.which("sh")), str(SCRIPT)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_it_says_that_there_is_no_python(folder: Path) -> None:
    done = run(folder)
    expected = "heartrisk: needs Python 3.11 or newer, and found none on the PATH.\n"
    assert (done.returncode, done.stderr) == (1, expected)


def test_it_says_that_python_is_too_old(folder: Path) -> None:
    add_python(folder, "python3", TOO_OLD)
    assert "needs Python 3.11 or newer" in run(folder).stderr


def test_it_says_which_package_has_venv(folder: Path) -> None:
    add_python(folder, "python3", WITHOUT_VENV)
    done = run(folder)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "python3 comes without venv. Install it, on Debian" in done.stderr


def test_it_takes_a_newer_python_beside_an_old_one(folder: Path) -> None:
    add_python(folder, "python3", TOO_OLD)
    add_python(folder, "python3.12", REAL)
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert os.access(folder / ".venv" / "bin" / "python", os.X_OK)


def test_it_keeps_an_environment_that_works(folder: Path) -> None:
    add_python(folder, "python3", REAL)
    run(folder)
    (folder / ".venv" / "kept").touch()
    done = run(folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert (folder / ".venv" / "kept").exists()


def test_it_makes_a_broken_environment_anew(folder: Path) -> None:
    add_python(folder, "python3", REAL)
    run(folder)
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nothing/python")
    assert run(folder).returncode == 0
    assert python.exists()
