"""The command's options."""

from pathlib import Path

import pytest

from tools.demo.__main__ import REQUESTS, _options
from tools.demo.folder import FOLDER


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit, match="2"):
        _options(arguments)
    return capsys.readouterr().err


def test_without_options_it_plays_a_whole_week_beside_the_developers_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DEMO_PORT", raising=False)
    options = _options([])
    assert (options.folder, options.requests, options.port) == (FOLDER, REQUESTS, 0)
    assert (options.once, options.elasticsearch) == (False, True)


def test_the_port_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PORT", "8010")
    assert _options([]).port == 8010
    assert _options(["--port", "8011"]).port == 8011


@pytest.mark.parametrize("port", ["no", "65536", "-1", "٨"])
def test_a_port_that_is_none_is_refused(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEMO_PORT", port)
    assert f"'{port}' is not a whole number from 0 to 65535" in refused([], capsys)


@pytest.mark.parametrize("count", ["99", "200001", "many"])
def test_so_is_a_number_of_requests_that_is_too_small_or_too_large(
    count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(["--requests", count], capsys)
    assert f"'{count}' is not a whole number from 100 to 200000" in told


def test_a_folder_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _options(["--folder", "here"]).folder == tmp_path / "here"
