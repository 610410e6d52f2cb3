"""Log entries as the site writes them, as many as wanted, no two alike."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import orjson
from django.test import RequestFactory

from predictions.features import EXAMPLE
from predictions.log.entry import entries_of
from predictions.profiling import Profiler
from predictions.recorded import predict_recorded
from predictions.transaction import Transaction

# Of one hour, so that a run meets one index or, around midnight, two.
_SPREAD: Final = timedelta(hours=1)


def entries(count: int, seed: int = 1) -> Iterator[bytes]:
    """A real prediction's entry each time, with its own id, time, values and durations."""
    template = orjson.loads(_real())
    chance = random.Random(seed)
    began = datetime.now(UTC) - _SPREAD
    for number in range(count):
        identity = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        data, metrics = template["data"], template["data"]["performance_metrics"]
        moment = began + _SPREAD * (number / count)
        template["timestamp"] = moment.isoformat(timespec="microseconds")
        template["message"] = f"[{identity}]" + template["message"].partition("]")[2]
        data["transaction_id"] = metrics["transaction_id"] = identity
        data["input_data"]["AGE"] = float(chance.randint(32, 70))
        data["input_data"]["SYS_BP"] = chance.randint(180, 590) / 2
        data["result"]["probability"] = chance.random()
        metrics["latency_ms"] = round(chance.lognormvariate(0.7, 0.4), 3)
        metrics["cpu_time_ms"] = round(metrics["latency_ms"] * 0.9, 3)
        yield orjson.dumps(template)


def _real() -> bytes:
    """One prediction, measured and written down as the middleware does it."""
    transaction = Transaction()
    measurement = Profiler().start()
    predict_recorded(np.array(list(EXAMPLE.values()), dtype=np.float64), transaction)
    metrics = measurement.stop(transaction)
    request = RequestFactory().post("/predict")
    return entries_of(request, 200, transaction, metrics, 2.0, datetime.now(UTC)).summary
