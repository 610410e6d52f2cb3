"""What is counted of each request, in files that all processes of the site share."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import Counter, Histogram, values

from monitoring.metrics.labels import NOT_PROFILED, method_of, path_of
from monitoring.metrics.slots import Slots
from predictions.profiling import Metrics
from predictions.transaction import BatchRecord, Transaction, started_transaction

# With the thresholds of the alerts among them: 0.05, 0.1 and 0.2 s.
SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
INFERENCE_SECONDS: Final = (0.0002, 0.0005, *SECONDS[:-2])
MEBIBYTE: Final = 1 << 20
MEMORY_BYTES: Final = (0, *(MEBIBYTE * size for size in (0.25, 1, 4, 16, 50, 100, 400)))
# Where an input that is refused is a prediction that was asked for.
PREDICTION_PATHS: Final = frozenset({"/", "/predict", "/predict_proba", "/predict_batch"})
RESULTS: Final = ("YES", "NO", "refused")

# Of transactions: inference, CPU, memory, in this order.
_MEASURED: Final = (
    ("heartrisk_inference_duration_seconds", "Time of the model.", INFERENCE_SECONDS),
    ("heartrisk_request_cpu_seconds", "CPU time of a transaction's thread.", SECONDS),
    (
        "heartrisk_request_memory_growth_bytes",
        "Growth of the process's resident set in a transaction; 0 where it shrank.",
        MEMORY_BYTES,
    ),
)


class RequestMetrics:
    """The metrics of one process. ``observe`` costs some 15 microseconds and asks nobody."""

    def __init__(self) -> None:
        self._requests = _counter(
            "heartrisk_requests",
            "Requests answered, by path (the URL pattern).",
            "method",
            "path",
            "status",
        )
        self._duration = _histogram(
            "heartrisk_request_duration_seconds",
            "Wall clock time of a request in the application.",
            SECONDS,
            "path",
            "status",
        )
        self._measured = [_histogram(*about, "path") for about in _MEASURED]
        predictions = _counter(
            "heartrisk_predictions", "Predictions by result; each row of a batch is one.", "result"
        )
        not_profiled = _counter(
            "heartrisk_not_profiled", "Transactions that were measured, not profiled.", "reason"
        )
        self._predictions = {result: predictions.labels(result) for result in RESULTS}
        self._not_profiled = {
            said: not_profiled.labels(reason) for said, reason in NOT_PROFILED.items()
        }
        self._of_answer: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._of_path: dict[str, list[Histogram]] = {}

    def observe(self, request: HttpRequest, status: int, seconds: float) -> None:
        """A request that was answered."""
        path = path_of(request)
        key = (method_of(request), path, status)
        # Looking a label's child up in prometheus_client costs more than counting.
        answered = self._of_answer.get(key) or self._bind_answer(key)
        answered[0].inc()
        answered[1].observe(seconds)
        transaction = started_transaction(request)
        if transaction is not None:
            self._observe_transaction(transaction, path)

    def _observe_transaction(self, transaction: Transaction, path: str) -> None:
        inference, cpu, memory = self._of_path.get(path) or self._bind_path(path)
        if transaction.inference_time_ms is not None:
            inference.observe(transaction.inference_time_ms / 1000)
        if transaction.metrics is not None:
            self._observe_cost(transaction.metrics, cpu, memory)
        if path in PREDICTION_PATHS:
            self._count_predictions(transaction)

    def _observe_cost(self, metrics: Metrics, cpu: Histogram, memory: Histogram) -> None:
        cpu.observe(metrics["cpu_time_ms"] / 1000)
        # A sum that could fall would look like a restart to Prometheus.
        memory.observe(max(metrics["memory_delta_mb"], 0.0) * MEBIBYTE)
        reason = metrics["not_profiled"]
        if reason is not None:
            self._not_profiled[reason].inc()

    def _count_predictions(self, transaction: Transaction) -> None:
        if transaction.batch is not None:
            self._count_rows(transaction.batch)
        elif transaction.result is not None:
            self._predictions[transaction.result["result"]].inc()
        elif transaction.invalid_input:
            self._predictions["refused"].inc()

    def _count_rows(self, batch: BatchRecord) -> None:
        results = [row["result"]["result"] for row in batch.rows if row.get("result")]
        yes = results.count("YES")
        for result, rows in (
            ("YES", yes),
            ("NO", len(results) - yes),
            ("refused", len(batch.rows) - len(results)),
        ):
            if rows:
                self._predictions[result].inc(rows)

    def _bind_answer(self, key: tuple[str, str, int]) -> tuple[Counter, Histogram]:
        _, path, status = key
        bound = (self._requests.labels(*key), self._duration.labels(path, status))
        self._of_answer[key] = bound
        return bound

    def _bind_path(self, path: str) -> list[Histogram]:
        self._of_path[path] = bound = [each.labels(path) for each in self._measured]
        return bound


def get_request_metrics() -> RequestMetrics:
    """This process's, in settings.PROMETHEUS_DIR. Raises ``OSError``."""
    return _request_metrics(settings.PROMETHEUS_DIR)


@lru_cache(maxsize=1)
def _request_metrics(folder: Path) -> RequestMetrics:
    # prometheus_client finds the folder here, and only here. Set by us, always: a child that
    # inherits it may have another folder.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue(Slots(folder).number)
    return RequestMetrics()


def _counter(name: str, said: str, *labels: str) -> Counter:
    # In no registry: what is exported is read from the files.
    return Counter(name, said, labels, registry=None)


def _histogram(name: str, said: str, buckets: Sequence[float], *labels: str) -> Histogram:
    return Histogram(name, said, labels, buckets=buckets, registry=None)
