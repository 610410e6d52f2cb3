import csv
import gc
import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from predictions.features import EXAMPLE, NAMES

GOOD = ",".join(f"{value:g}" for value in EXAMPLE.values())
HEADER = ",".join(NAMES)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n{GOOD.replace('52', '7', 1)}\n")
    return path


def failure(*arguments: object) -> CommandError:
    with pytest.raises(CommandError) as caught:
        call_command("predict_file", *map(str, arguments))
    return caught.value


def test_it_writes_the_answer_and_says_how_many_were_refused(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = source.with_name("out.csv")
    call_command("predict_file", str(source), str(target))
    rows = list(csv.DictReader(target.read_text().splitlines()))
    assert [row["errors"] == "" for row in rows] == [True, False]
    said = capsys.readouterr().err
    assert said.startswith("2 rows in ")
    assert said.endswith("s, 1 refused: the column errors says why.\n")


def test_it_says_where_none_was_refused(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source.write_text(f"{HEADER}\n{GOOD}\n")
    call_command("predict_file", str(source), str(source.with_name("out.csv")))
    assert capsys.readouterr().err.endswith("none refused.\n")


def test_it_replaces_a_file_only_when_told_to(source: Path) -> None:
    target = source.with_name("out.csv")
    target.write_text("before")
    assert failure(source, target).returncode == 2
    assert target.read_text() == "before"
    call_command("predict_file", str(source), str(target), "--force")
    assert target.read_text().startswith(HEADER)


def test_it_refuses_to_write_over_its_input(source: Path) -> None:
    assert failure(source, source, "--force").returncode == 2


@pytest.mark.parametrize("chunk", ["0", "-1", "x", "1.5"])
def test_it_refuses_a_chunk_that_is_none(source: Path, chunk: str) -> None:
    error = failure(source, source.with_name("out.csv"), "--chunk", chunk)
    assert "is not a whole number above 0" in str(error)


def test_it_names_the_file_that_cannot_be_read(source: Path) -> None:
    absent = source.with_name("absent.csv")
    error = failure(absent, source.with_name("out.csv"))
    assert (str(error), error.returncode) == (f"{absent}: No such file or directory", 1)


def test_it_leaves_no_file_behind_where_the_input_is_broken(source: Path) -> None:
    source.write_bytes(source.read_bytes() + b"\xff\n")
    error = failure(source, source.with_name("out.csv"))
    assert (str(error), error.returncode) == (f"{source}: Line 4 is not UTF-8.", 1)
    assert [path.name for path in source.parent.iterdir()] == ["in.csv"]


def test_it_names_the_folder_that_is_not_there(source: Path) -> None:
    error = failure(source, source.parent / "absent" / "out.csv")
    assert str(error).endswith("No such file or directory")
    assert error.returncode == 1


def test_it_says_that_there_is_no_model(source: Path, settings: Settings) -> None:
    settings.MODEL_PATH = str(source.with_name("model.pkl"))
    assert failure(source, source.with_name("out.csv")).returncode == 1


def test_it_leaves_the_collector_as_it_was(source: Path) -> None:
    call_command("predict_file", str(source), str(source.with_name("out.csv")))
    assert gc.isenabled()


def test_it_reads_and_writes_pipes(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(source.read_bytes())))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(answer))
    call_command("predict_file", "-", "-")
    assert answer.getvalue().decode().splitlines()[1].startswith(GOOD)
    assert capsys.readouterr().err.startswith("2 rows in ")


def test_it_says_that_a_pipe_takes_no_more(source: Path) -> None:
    command = [sys.executable, "manage.py", "predict_file", str(source), "-"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, check=False, cwd=project.BASE_DIR
        )
    assert (done.returncode, done.stderr) == (1, b"CommandError: No space left on device.\n")
