"""What predicting and its log depend on."""

import math
from functools import lru_cache
from typing import Final

import numpy as np
import orjson
from django.conf import settings
from django.db import connection
from django_redis import get_redis_connection

from predictions.arrays import FloatArray
from predictions.features import NAMES
from predictions.health import Health, HealthError
from predictions.log.health import check_log
from predictions.risk.manifest import GOLDEN_CASES_FILE_NAME
from predictions.risk.model_source import fetch_beside
from predictions.risk.predictor import ModelError, get_predictor

# The same code on another processor may differ in the last digits.
TOLERANCE: Final = 1e-9


def register_checks(health: Health) -> None:
    """Only the model is essential: without Redis entries are spooled, and the database
    holds nothing but accounts and sessions."""
    health.register("model", check_model, essential=True)
    health.register("redis", check_redis)
    health.register("log", check_log)
    health.register("database", check_database)


def check_model() -> None:
    """The first golden case gets its known probability."""
    try:
        predictor = get_predictor()
    except ModelError as error:
        raise HealthError(str(error)) from None
    values, expected = _golden_case(settings.MODEL_PATH)
    probability = predictor.predict(values).probability
    if not math.isclose(probability, expected, rel_tol=0, abs_tol=TOLERANCE):
        raise HealthError(f"The golden prediction is {probability:.6f}, not {expected:.6f}.")


@lru_cache(maxsize=2)
def _golden_case(location: str) -> tuple[FloatArray, float]:
    """(14,) inputs and the probability the model gave them when it was made."""
    try:
        path = fetch_beside(location, GOLDEN_CASES_FILE_NAME, settings.HF_TOKEN)
        case = orjson.loads(path.read_bytes())[0]
        values = [
            math.nan if case["input"][name] is None else case["input"][name] for name in NAMES
        ]
        return np.array(values, dtype=np.float64), float(case["probability"])
    except (OSError, ValueError, TypeError, LookupError, ModelError):
        raise HealthError(f"The model has no readable {GOLDEN_CASES_FILE_NAME}.") from None


def check_redis() -> None:
    """Redis takes a command, within the short timeout of the settings."""
    get_redis_connection("default").ping()


def check_database() -> None:
    """The database answers a query. The thread of the check is left without a connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()
