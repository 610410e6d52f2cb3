"""Model folders for tests: the committed one, and others made from it."""

import hashlib
import math
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import sklearn
from django.conf import settings

from predictions.arrays import FloatArray
from predictions.features import BY_NAME, EXAMPLE, FEATURES, INDEX, NAMES, Kind
from predictions.risk.derived import ALL_NAMES
from predictions.risk.manifest import Manifest
from predictions.training.framingham import Rows, load_rows
from predictions.training.write import pickled

MODEL_FOLDER: Path = settings.BASE_DIR / "model"
MODEL_FILE = MODEL_FOLDER / "model.pkl"


class Always:
    """An estimator that gives everybody one probability."""

    def __init__(self, probability: float) -> None:
        self.probability = probability

    def predict_proba(self, features: FloatArray) -> FloatArray:
        return np.tile([1 - self.probability, self.probability], (len(features), 1))


def raw_manifest() -> dict[str, Any]:
    """The committed manifest, free to be changed."""
    raw: dict[str, Any] = orjson.loads((MODEL_FOLDER / "manifest.json").read_bytes())
    return raw


def manifest(**changes: object) -> Manifest:
    return Manifest.parse(orjson.dumps(raw_manifest() | changes))


def write_model(folder: Path, estimator: Any, **changes: object) -> Path:
    """A model file with a manifest that fits it, but for the changes."""
    folder.mkdir(exist_ok=True)
    content = pickled(estimator)
    own = {"sha256": hashlib.sha256(content).hexdigest(), "scikit_learn": sklearn.__version__}
    own["feature_names"] = list(ALL_NAMES)
    (folder / "model.pkl").write_bytes(content)
    (folder / "manifest.json").write_bytes(orjson.dumps(raw_manifest() | own | changes))
    return folder / "model.pkl"


def golden_cases() -> tuple[FloatArray, FloatArray]:
    """(n, 14) inputs, NaN where unknown, and their (n,) probabilities."""
    cases = orjson.loads((MODEL_FOLDER / "golden_cases.json").read_bytes())
    inputs = [row(**case["input"]) for case in cases]
    return np.vstack(inputs), np.array([case["probability"] for case in cases])


def row(**values: float | None) -> FloatArray:
    """(14,): the table's example with some values changed; None is unknown."""
    given = EXAMPLE | values
    return np.array([math.nan if given[name] is None else given[name] for name in NAMES])


def anywhere(count: int) -> FloatArray:
    """(count, 14) people drawn from all of the accepted limits, diastolic below systolic."""
    low, high = np.array([(feature.low, feature.high) for feature in FEATURES]).T
    people = np.random.default_rng(14).uniform(low, high, (count, len(FEATURES)))
    choices = [feature.kind is Kind.CHOICE for feature in FEATURES]
    people[:, choices] = people[:, choices].round()
    people[:, INDEX["CIGS_PER_DAY"]] *= people[:, INDEX["CURRENT_SMOKER"]]
    systolic, least = people[:, INDEX["SYS_BP"]], BY_NAME["DIA_BP"].low
    people[:, INDEX["DIA_BP"]] = np.clip(people[:, INDEX["DIA_BP"]], least, systolic - 1)
    return people


@lru_cache
def rows() -> Rows:
    """The 4,240 rows of the training data."""
    return load_rows()
