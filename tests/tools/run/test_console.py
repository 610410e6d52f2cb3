"""How the supervisor's lines look."""

import json

import pytest

from tools.run.console import say


def test_a_line_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    say("ready at http://localhost:8000/")
    assert capsys.readouterr().out == "heartrisk: ready at http://localhost:8000/\n"


def test_it_is_an_object_where_the_processes_print_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    say("100 % ready")
    line = json.loads(capsys.readouterr().out)
    assert (line["message"], line["log"]["logger"]) == ("100 % ready", "heartrisk.run")
