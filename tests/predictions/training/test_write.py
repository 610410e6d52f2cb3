"""Training anew gives the committed model."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from predictions.arrays import FloatArray
from predictions.risk.model_file import read_model
from predictions.risk.predictor import Predictor
from predictions.training.compare import differences
from predictions.training.write import train
from tests.predictions.models import MODEL_FOLDER, golden_cases

FILES = ["MODEL_CARD.md", "golden_cases.json", "manifest.json", "model.pkl", "reliability.svg"]


def coefficients(folder: Path) -> FloatArray:
    estimator: Any = read_model(folder / "model.pkl", folder / "manifest.json")[0]
    result: FloatArray = estimator.named_steps["regression"].coef_
    return result


def test_it_writes_the_five_files(trained: Path) -> None:
    assert sorted(file.name for file in trained.iterdir()) == FILES


def test_it_gives_the_committed_model(trained: Path) -> None:
    assert differences(MODEL_FOLDER, trained) == []


def test_it_gives_the_committed_coefficients(trained: Path) -> None:
    anew, committed = coefficients(trained), coefficients(MODEL_FOLDER)
    np.testing.assert_allclose(anew, committed, rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", FILES)
def test_training_twice_gives_the_same_bytes(trained: Path, again: Path, name: str) -> None:
    assert (again / name).read_bytes() == (trained / name).read_bytes()


def test_the_trained_model_can_be_served(trained: Path) -> None:
    inputs, expected = golden_cases()
    given = Predictor.load(str(trained / "model.pkl")).predict_many(inputs).probability
    np.testing.assert_allclose(given, expected, rtol=0, atol=1e-8)


def test_the_golden_cases_hold_unknowns_and_the_corners() -> None:
    inputs, probability = golden_cases()
    assert np.isnan(inputs).any(axis=1).sum() >= 10
    assert probability.max() > 0.9
    assert 24 <= len(inputs) <= 60


def test_the_committed_folder_is_below_a_megabyte() -> None:
    assert sum(file.stat().st_size for file in MODEL_FOLDER.iterdir()) < 1_000_000


def test_the_manifest_holds_no_time_of_day() -> None:
    keys = orjson.loads((MODEL_FOLDER / "manifest.json").read_bytes()).keys()
    assert not {"created", "date", "timestamp", "trained_at"} & keys


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("again")
    train(folder)
    return folder
