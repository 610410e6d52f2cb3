"""The service to compare with: the same batch behind FastAPI, as one writes it in an afternoon.

pydantic checks types, scikit-learn predicts, the answer is the probabilities: no limits, no
errors by row, no ids, no log. ``uvicorn benchmarks.batch.naive:app`` serves it.
"""

import json
import math
from pathlib import Path
from typing import Any, Final

import joblib
import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.bare import Person
from predictions.arrays import FloatArray
from predictions.features import NAMES
from predictions.risk.derivation import derive
from predictions.risk.imputation import impute

_MODEL: Final = Path(__file__).resolve().parent.parent.parent / "model"
_MANIFEST: Final[dict[str, Any]] = json.loads((_MODEL / "manifest.json").read_text())
_PIPELINE: Final = joblib.load(_MODEL / "model.pkl")
_MEDIANS: Final = np.array([_MANIFEST["medians"].get(name, math.nan) for name in NAMES])

app = FastAPI()


class Batch(BaseModel):
    """Many people."""

    instances: list[Person]


@app.post("/predict_batch")
def predict(batch: Batch) -> dict[str, list[float]]:
    rows = [[getattr(person, name) for name in NAMES] for person in batch.instances]
    return {"probabilities": probabilities(np.array(rows, dtype=np.float64)).tolist()}


def probabilities(matrix: FloatArray) -> FloatArray:
    """(n, 14), NaN where unknown, to (n,)."""
    complete, _ = impute(matrix, _MEDIANS, _MANIFEST["smokers_cigarettes"])
    scores: FloatArray = _PIPELINE.predict_proba(derive(complete))[:, 1]
    return scores
