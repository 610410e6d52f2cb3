"""Traffic of a site, for the tests of what watches it: entries made by the site's own code.

Each function makes the entries of one request; ``log`` leaves them in Redis as the site does,
``store`` in Elasticsearch as the pipeline does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import numpy as np
import orjson
from django.conf import settings
from django.test import RequestFactory
from elasticsearch import Elasticsearch

from logpipeline.delivery.preparation import prepare
from logpipeline.documents.indices import setup
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.source import Delivery
from predictions.features import EXAMPLE
from predictions.log.entry import Entries, entries_of
from predictions.log.process import get_log_process
from predictions.profiling import BUSY, Metrics
from predictions.transaction import BatchRecord, Transaction

# A Tuesday.
NOON: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
MODEL: Final = "1.0.0+test"
THRESHOLD: Final = 0.17


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a request costs; milliseconds and MB. ``functions``: name -> calls and time."""

    latency: float = 2.0
    cpu: float = 1.5
    inference: float | None = 0.4
    memory: float = 200.0
    memory_delta: float = 0.0
    functions: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    profiled: bool = True

    def metrics(self, transaction_id: str) -> Metrics:
        top = [
            {"function": name, "calls": calls, "time_ms": time}
            for name, (calls, time) in self.functions.items()
        ]
        return {
            "transaction_id": transaction_id,
            "inference_time_ms": self.inference,
            "cpu_time_ms": self.cpu,
            "memory_mb": self.memory,
            "memory_delta_mb": self.memory_delta,
            "function_calls": 100 if self.profiled else None,
            "latency_ms": self.latency,
            "top_functions": top if self.profiled else [],  # type: ignore[typeddict-item]
            "profiled": self.profiled,
            "not_profiled": None if self.profiled else BUSY,
        }


def prediction(
    at: datetime,
    probability: float = 0.1,
    *,
    cost: Cost | None = Cost(),
    path: str = "/predict",
    inputs: Mapping[str, float | None] = EXAMPLE,
    model_version: str = MODEL,
) -> Entries:
    """Of one person. ``cost`` None: not measured."""
    transaction = Transaction(
        input_data=dict(inputs),
        result=answer(probability, model_version),
        model_version=model_version,
    )
    return _entries(at, transaction, cost, path, 200)


def refusal(at: datetime, *, cost: Cost | None = Cost(inference=None)) -> Entries:
    """Of a value out of range."""
    refused = [{"field": "AGE", "value": "400", "reason": "too_high"}]
    return _entries(at, Transaction(invalid_input=refused), cost, "/predict", 400)


def failure(at: datetime, *, cost: Cost | None = Cost(inference=None)) -> Entries:
    """Of the model: the inputs were read, and nothing was answered."""
    return _entries(at, Transaction(input_data=dict(EXAMPLE)), cost, "/predict", 500)


def look(at: datetime) -> Entries:
    """At the log, by staff."""
    return _entries(at, Transaction(), Cost(inference=None), "/logs", 200, "GET")


def batch(
    at: datetime,
    probabilities: Sequence[float],
    *,
    refused: int = 0,
    cost: Cost | None = Cost(latency=500, cpu=400, inference=80),
) -> Entries:
    """Of so many rows answered, and some refused."""
    rows: list[dict[str, Any]] = [
        {
            "transaction_id": str(uuid4()),
            "input_data": dict(EXAMPLE),
            "result": answer(probability),
        }
        for probability in probabilities
    ]
    wrong = [{"field": "AGE", "value": "x", "reason": "not_a_number"}]
    rows += [{"transaction_id": str(uuid4()), "invalid_input": wrong} for _ in range(refused)]
    transaction = Transaction(model_version=MODEL)
    mean = float(np.mean(probabilities)) if probabilities else None
    transaction.batch = BatchRecord(transaction.id, rows, refused, mean)
    return _entries(at, transaction, cost, "/predict_batch", 200)


def answer(probability: float, model_version: str = MODEL) -> dict[str, Any]:
    """As the model's: a result."""
    yes = probability >= THRESHOLD
    return {
        "prediction": int(yes),
        "result": "YES" if yes else "NO",
        "probability": probability,
        "risk_band": "moderate",
        "threshold": THRESHOLD,
        "imputed": {},
        "warnings": [],
        "model_version": model_version,
    }


def days_of_traffic(end: datetime, span: timedelta, requests: int, seed: int = 1) -> list[Entries]:
    """Of every kind, oldest first, over the ``span`` before ``end``; the same for a seed."""
    random = np.random.default_rng(seed)
    offsets = sorted(random.uniform(0, span.total_seconds(), requests))
    return [_anything(end - span + timedelta(seconds=float(s)), random) for s in offsets]


def _anything(at: datetime, random: np.random.Generator) -> Entries:
    functions = {
        f"module.py:{n}(f{n})": (int(random.integers(1, 9)), float(random.uniform(0, 1 / n)))
        for n in random.choice(np.arange(1, 16), 5, replace=False)
    }
    cost = Cost(
        latency=float(random.lognormal(1, 0.6)),
        cpu=float(random.lognormal(0.5, 0.3)),
        inference=float(random.uniform(0.2, 0.6)),
        memory=float(random.uniform(150, 250)),
        memory_delta=float(random.uniform(0, 1)),
        functions=functions,
        profiled=bool(random.random() < 0.8),
    )
    kind = random.random()
    if kind < 0.1:
        return refusal(at)
    if kind < 0.15:
        return failure(at)
    if kind < 0.2:
        return look(at)
    if kind < 0.25:
        return batch(at, random.beta(1, 6, 7).tolist(), refused=2)
    probability = float(random.beta(1, 6))
    return prediction(at, probability, cost=None if kind < 0.35 else cost)


def summaries(traffic: Iterable[Entries]) -> list[dict[str, Any]]:
    """As the window holds them, newest first; oldest first is how they are given."""
    return [orjson.loads(entries.summary) for entries in traffic][::-1]


def id_of(entries: Entries) -> str:
    """The transaction's."""
    return str(orjson.loads(entries.summary)["data"]["transaction_id"])


def row_ids_of(entries: Entries) -> list[str]:
    """Of a batch."""
    parts = [orjson.loads(part)["data"]["rows"] for part in entries.rows]
    return [row["transaction_id"] for part in parts for row in part]


def log(traffic: Iterable[Entries]) -> None:
    """In window and stream; oldest first."""
    site = get_log_process().log
    for entries in traffic:
        site.append(entries)


def store(client: Elasticsearch, traffic: Iterable[Entries]) -> None:
    """In the indices of ``settings.ES_INDEX_PREFIX``, by the rules of the settings; searchable."""
    _store(client, settings.ES_INDEX_PREFIX, traffic)


@contextmanager
def indices_with(url: str, traffic: Iterable[Entries]) -> Iterator[str]:
    """For the tests of a whole module: the prefix of indices that hold the traffic."""
    prefix = f"test-{uuid4().hex}-"
    with Elasticsearch(url) as client:
        _store(client, prefix, traffic)
        yield prefix
        for name in client.indices.get(index=f"{prefix}*"):
            client.indices.delete(index=name)
        client.indices.delete_index_template(name=f"{prefix}*")


def _store(client: Elasticsearch, prefix: str, traffic: Iterable[Entries]) -> None:
    setup(client, prefix, settings.ES_RETENTION_DAYS)
    lines = (line for entries in traffic for line in entries)
    deliveries = [Delivery(str(n), str(n), line) for n, line in enumerate(lines)]
    units = prepare(deliveries, compile_rules(settings.LOG_PIPELINE_RULES), prefix).units
    # The client takes bytes, though its types do not say so.
    body: Any = b"".join(unit.operation for unit in units)
    done = client.bulk(operations=body, refresh=True)
    assert not done["errors"], "a document was refused"


def _entries(
    at: datetime,
    transaction: Transaction,
    cost: Cost | None,
    path: str,
    status: int,
    method: str = "POST",
) -> Entries:
    request = RequestFactory().generic(method, path)
    metrics = None if cost is None else cost.metrics(transaction.id)
    latency = 0.0 if cost is None else cost.latency
    return entries_of(request, status, transaction, metrics, latency, at)
