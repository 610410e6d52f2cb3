"""The shape of the prototype that heartrisk replaced, with the same model file and answer.

Three middlewares around a FastAPI service; the row as a pandas DataFrame; routing, validation
and the answer under cProfile, the five dearest functions out of pstats; the process's memory by
psutil before and after; a JSON entry to Redis by LPUSH and LTRIM. Where the shape leaves a
choice, the quicker one is taken.
``uvicorn benchmarks.prototype:app`` serves it; REDIS_URL says where Redis is.
"""

import cProfile
import json
import math
import os
import pstats
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import joblib
import numpy as np
import pandas as pd
import psutil
import redis
from fastapi import FastAPI, Request, Response
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint

from benchmarks.bare import Person
from benchmarks.prototype_log import KEPT, KEY
from predictions.features import NAMES
from predictions.risk.derivation import derive
from predictions.risk.imputation import impute

_MODEL: Final = Path(__file__).resolve().parent.parent / "model"
_MANIFEST: Final[dict[str, Any]] = json.loads((_MODEL / "manifest.json").read_text())
_PIPELINE: Final = joblib.load(_MODEL / "model.pkl")
_MEDIANS: Final = np.array([_MANIFEST["medians"].get(name, math.nan) for name in NAMES])

_redis = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
app = FastAPI()


class LogMiddleware(BaseHTTPMiddleware):
    """Writes the request's entry, with what the others left in its state."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        state = request.state
        entry = {
            "timestamp": datetime.now(UTC).isoformat(),
            "level": "INFO" if response.status_code < 400 else "ERROR",
            "message": f"{request.method} {request.url.path} - {response.status_code}",
            "data": {
                "transaction_id": state.transaction_id,
                "input_data": getattr(state, "input_data", None),
                "result": getattr(state, "result", None),
                "performance_metrics": state.metrics,
            },
        }
        pipe = _redis.pipeline()
        pipe.lpush(KEY, json.dumps(entry))
        pipe.ltrim(KEY, 0, KEPT - 1)
        pipe.execute()
        return response


class ProfileMiddleware(BaseHTTPMiddleware):
    """Profiles everything below, and measures the process's memory around it."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        process, profile = psutil.Process(), cProfile.Profile()
        memory, cpu, began = process.memory_info().rss, time.process_time(), time.perf_counter()
        profiled = _enabled(profile)
        try:
            response = await call_next(request)
        finally:
            if profiled:
                profile.disable()
        after = process.memory_info().rss
        request.state.metrics = {
            "latency_ms": (time.perf_counter() - began) * 1000,
            "cpu_time_ms": (time.process_time() - cpu) * 1000,
            "memory_mb": after / 1e6,
            "memory_delta_mb": (after - memory) / 1e6,
            **(_costs(profile) if profiled else {}),
        }
        return response


class TransactionMiddleware(BaseHTTPMiddleware):
    """Gives the request its id."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        request.state.transaction_id = str(uuid.uuid4())
        response = await call_next(request)
        response.headers["X-Transaction-ID"] = request.state.transaction_id
        return response


# The last one added is the outermost. The profile is innermost: what it sees costs the most.
app.add_middleware(ProfileMiddleware)
app.add_middleware(LogMiddleware)
app.add_middleware(TransactionMiddleware)


def _enabled(profile: cProfile.Profile) -> bool:
    try:
        profile.enable()
    except ValueError:
        # From Python 3.12 on one profile at a time: another request has it.
        return False
    return True


def _costs(profile: cProfile.Profile) -> dict[str, Any]:
    stats: Any = pstats.Stats(profile)
    # Sorted here: Stats.sort_stats makes a text of every function first, twice as slow.
    top = sorted(stats.stats.items(), key=lambda item: item[1][2], reverse=True)[:5]
    return {
        "function_calls": stats.total_calls,
        "top_functions": [
            {"function": "{}:{}({})".format(*function), "calls": cost[1], "time_ms": cost[2] * 1000}
            for function, cost in top
        ],
    }


@app.post("/predict")
async def predict(person: Person, request: Request) -> dict[str, float]:
    given = person.model_dump()
    row = pd.DataFrame([given], dtype=float)
    complete, _ = impute(row.to_numpy(), _MEDIANS, _MANIFEST["smokers_cigarettes"])
    probability = float(_PIPELINE.predict_proba(derive(complete))[0, 1])
    request.state.input_data = given
    request.state.result = result = {"probability": probability}
    return result
