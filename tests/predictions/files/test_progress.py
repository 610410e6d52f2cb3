import sys
from pathlib import Path

import pytest

from predictions.files.progress import progress_bar


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_bytes(b"x" * 1000)
    return path


def test_it_shows_on_a_terminal_how_much_was_read(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with source.open("rb") as file, progress_bar(file) as progress:
        file.read(600)
        progress()
    assert "/1.0 kB" in capsys.readouterr().err


def test_it_shows_nothing_elsewhere(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with source.open("rb") as file, progress_bar(file) as progress:
        progress()
    assert capsys.readouterr().err == ""
