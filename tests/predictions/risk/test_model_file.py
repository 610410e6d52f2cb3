"""Each reason why a model is not used, as the sentence that the site shows."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from predictions.risk.manifest import ModelError
from predictions.risk.model_file import read_model
from predictions.training.write import pickled
from tests.predictions.models import MODEL_FILE, MODEL_FOLDER, manifest, write_model


class Marker:
    """Unpickling it leaves a trace: a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def fitted(estimator: Any, features: int) -> Any:
    generator = np.random.default_rng(0)
    return estimator.fit(generator.normal(size=(40, features)), np.arange(40) % 2)


def read(model: Path) -> Any:
    return read_model(model, model.with_name("manifest.json"))[0]


def test_it_reads_the_committed_model() -> None:
    estimator, described = read_model(MODEL_FILE, MODEL_FOLDER / "manifest.json")
    assert hasattr(estimator, "predict_proba")
    assert described == manifest()


def test_it_says_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"^There is no readable model model\.pkl where"):
        read(tmp_path / "model.pkl")


def test_its_sentence_tells_strangers_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        read(tmp_path / "model.pkl")
    assert str(tmp_path) not in str(raised.value)


def test_it_says_that_there_is_no_manifest(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(MODEL_FILE.read_bytes())
    with pytest.raises(ModelError, match="no readable manifest of the model"):
        read(tmp_path / "model.pkl")


def test_it_says_that_the_hash_is_another(tmp_path: Path) -> None:
    model = write_model(tmp_path, fitted(LogisticRegression(), 28), sha256="0" * 64)
    with pytest.raises(ModelError, match="is not the model that its manifest describes"):
        read(model)


def test_it_unpickles_nothing_of_another_hash(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    model = write_model(tmp_path, Marker(trace), sha256="0" * 64)
    with pytest.raises(ModelError):
        read(model)
    assert not trace.exists()


def test_unpickling_would_have_left_the_trace(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with pytest.raises(ModelError):
        read(write_model(tmp_path, Marker(trace)))
    assert trace.exists()


def test_it_says_which_scikit_learn_made_the_model(tmp_path: Path) -> None:
    model = write_model(tmp_path, fitted(LogisticRegression(), 28), scikit_learn="0.1")
    with pytest.raises(ModelError, match=r"made with scikit-learn 0\.1, but"):
        read(model)


def test_it_says_that_there_is_no_predict_proba(tmp_path: Path) -> None:
    model = write_model(tmp_path, fitted(LinearRegression(), 28))
    with pytest.raises(ModelError, match="has no predict_proba"):
        read(model)


def test_it_says_how_many_features_the_model_takes(tmp_path: Path) -> None:
    model = write_model(tmp_path, fitted(LogisticRegression(), 14))
    with pytest.raises(ModelError, match="takes 14 features, but this site makes 28"):
        read(model)


def test_it_says_that_the_features_are_others(tmp_path: Path) -> None:
    names = [f"F{i}" for i in range(28)]
    model = write_model(tmp_path, fitted(LogisticRegression(), 28), feature_names=names)
    with pytest.raises(ModelError, match="features are not, by name and order"):
        read(model)


def test_it_says_that_the_file_cannot_be_unpickled(tmp_path: Path) -> None:
    model = write_model(tmp_path, fitted(LogisticRegression(), 28))
    _replace(model, pickled(fitted(LogisticRegression(), 28))[:200])
    with pytest.raises(ModelError, match=r"cannot be unpickled \(\w+\)"):
        read(model)


def _replace(model: Path, content: bytes) -> None:
    described = orjson.loads(model.with_name("manifest.json").read_bytes())
    described["sha256"] = hashlib.sha256(content).hexdigest()
    model.write_bytes(content)
    model.with_name("manifest.json").write_bytes(orjson.dumps(described))
