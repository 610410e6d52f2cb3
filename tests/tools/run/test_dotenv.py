"""The first .env."""

import stat
from pathlib import Path

import pytest

from heartrisk_site.variables import BASE_DIR
from tools.run.dotenv import write_secret_key


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def key_in(dotenv: Path) -> str:
    lines = dotenv.read_text().splitlines()
    (key,) = [line.partition("=")[2] for line in lines if line.startswith("SECRET_KEY=")]
    return key


def test_it_copies_the_example_with_a_long_key(dotenv: Path) -> None:
    example = BASE_DIR / ".env.example"
    write_secret_key(dotenv, example)
    assert len(key_in(dotenv)) >= 64
    assert dotenv.read_text().replace(key_in(dotenv), "") == example.read_text()


def test_it_makes_another_key_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for each in (first, second):
        write_secret_key(each, BASE_DIR / ".env.example")
    assert key_in(first) != key_in(second)


def test_it_lets_only_the_owner_read_the_file(dotenv: Path) -> None:
    write_secret_key(dotenv, BASE_DIR / ".env.example")
    assert stat.S_IMODE(dotenv.stat().st_mode) == 0o600


def test_it_keeps_what_stands_in_a_file_without_a_key(dotenv: Path) -> None:
    dotenv.write_text("API_PORT=9000\nSECRET_KEY=\n")
    write_secret_key(dotenv, BASE_DIR / ".env.example")
    assert dotenv.read_text() == f"API_PORT=9000\nSECRET_KEY={key_in(dotenv)}\n"


def test_it_adds_the_line_that_is_missing(dotenv: Path) -> None:
    dotenv.write_text("API_PORT=9000")
    write_secret_key(dotenv, BASE_DIR / ".env.example")
    assert dotenv.read_text() == f"API_PORT=9000\n\nSECRET_KEY={key_in(dotenv)}\n"


def test_it_leaves_no_other_file(dotenv: Path) -> None:
    write_secret_key(dotenv, BASE_DIR / ".env.example")
    assert list(dotenv.parent.iterdir()) == [dotenv]
