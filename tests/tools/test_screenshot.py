"""The README's picture is taken of the real site."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM
from tools import screenshot

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG, from its first chunk (PNG specification, 11.2.2)."""
    content = picture.read_bytes()
    assert content.startswith(SIGNATURE)
    width, height = struct.unpack(">II", content[16:24])
    return width, height


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the PATH")
def test_it_takes_a_picture_of_a_site_of_its_own(tmp_path: Path) -> None:
    picture = tmp_path / "form.png"
    command = [sys.executable, "-m", "tools.screenshot", "--output", str(picture)]
    subprocess.run(command, cwd=screenshot.ROOT, check=True)
    assert size_of(picture) == screenshot.SIZE


def test_it_needs_a_browser(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert screenshot.main(["--output", str(tmp_path / "form.png")]) == 1
    assert "chromium" in capsys.readouterr().err


def test_it_gives_up_on_a_site_that_has_ended() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    with pytest.raises(SystemExit, match="did not start"):
        screenshot.wait_until_ready("http://127.0.0.1:9/", process)


def test_it_is_small_enough_for_a_readme() -> None:
    assert screenshot.PICTURE.stat().st_size < 300_000
    assert size_of(screenshot.PICTURE) == screenshot.SIZE
