"""Trains, measures and writes everything in ``model/``."""

import hashlib
import io
from pathlib import Path
from typing import Any, Final

import joblib
import orjson
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from predictions.risk.manifest import FILE_NAME, GOLDEN_CASES_FILE_NAME
from predictions.training.card import PLOT_FILE_NAME, model_card
from predictions.training.crossvalidation import cross_validate
from predictions.training.describe import describe
from predictions.training.fit import fit
from predictions.training.framingham import load_rows
from predictions.training.golden import golden_cases
from predictions.training.reliability import draw

MODEL_FILE_NAME: Final = "model.pkl"
CARD_FILE_NAME: Final = "MODEL_CARD.md"


def train(folder: Path) -> dict[str, Any]:
    """Writes the model, its manifest, golden cases and card; the manifest is returned.

    Raises ``TrainingError`` where the data or matplotlib are missing.
    """
    # One thread: the order of the sums, and so their last bits, is the same each time.
    with threadpool_limits(1):
        return _train(folder)


def _train(folder: Path) -> dict[str, Any]:
    rows = load_rows()
    model = fit(rows.inputs, rows.outcome)
    validation = cross_validate(rows)
    content = pickled(model.estimator)
    manifest = describe(model, validation, rows, hashlib.sha256(content).hexdigest())
    folder.mkdir(parents=True, exist_ok=True)
    draw(folder / PLOT_FILE_NAME, validation.mean_probability(), rows.outcome)
    (folder / MODEL_FILE_NAME).write_bytes(content)
    _write_json(folder / FILE_NAME, manifest)
    _write_json(folder / GOLDEN_CASES_FILE_NAME, golden_cases(model, rows))
    (folder / CARD_FILE_NAME).write_text(model_card(manifest), encoding="utf-8")
    return manifest


def pickled(estimator: Pipeline) -> bytes:
    """The estimator as joblib writes it."""
    buffer = io.BytesIO()
    joblib.dump(estimator, buffer, protocol=5)
    return buffer.getvalue()


def _write_json(path: Path, content: object) -> None:
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
