"""The service to compare with: the same model file behind FastAPI, and nothing else.

No profile, no log, no limits, no message: what one writes in an afternoon.
``uvicorn benchmarks.bare:app`` serves it.
"""

import json
import math
from pathlib import Path
from typing import Any, Final

import joblib
import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

from predictions.features import NAMES
from predictions.risk.derivation import derive
from predictions.risk.imputation import impute

_MODEL: Final = Path(__file__).resolve().parent.parent / "model"
_MANIFEST: Final[dict[str, Any]] = json.loads((_MODEL / "manifest.json").read_text())
_PIPELINE: Final = joblib.load(_MODEL / "model.pkl")
_MEDIANS: Final = np.array([_MANIFEST["medians"].get(name, math.nan) for name in NAMES])

# On the event loop, which waits meanwhile; and in a thread of its pool, as FastAPI's
# documentation advises for code that cannot be awaited (its chapter on async).
app, in_threads = FastAPI(), FastAPI()


class Person(BaseModel):
    """The 14 inputs, six of which may be unknown."""

    AGE: float
    GENDER: int
    CURRENT_SMOKER: int
    CIGS_PER_DAY: float | None = None
    BP_MEDS: int | None = None
    PREVALENT_STROKE: int
    PREVALENT_HYP: int
    DIABETES: int
    TOT_CHOL: float | None = None
    SYS_BP: float
    DIA_BP: float
    BMI: float | None = None
    HEART_RATE: float | None = None
    GLUCOSE: float | None = None


@app.post("/predict")
async def predict(person: Person) -> dict[str, float]:
    """The quicker of the two."""
    return _answer(person)


@in_threads.post("/predict")
def predict_in_a_thread(person: Person) -> dict[str, float]:
    """What most would write."""
    return _answer(person)


def _answer(person: Person) -> dict[str, float]:
    given = [getattr(person, name) for name in NAMES]
    row = np.array([[math.nan if value is None else value for value in given]])
    complete, _ = impute(row, _MEDIANS, _MANIFEST["smokers_cigarettes"])
    return {"probability": float(_PIPELINE.predict_proba(derive(complete))[0, 1])}
