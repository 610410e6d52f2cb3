"""Gives every transaction its id, measures it, logs it."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from predictions.log.entry import entries_of
from predictions.log.guard import LoggedFailure
from predictions.log.process import get_log, get_profiling
from predictions.log.transaction_log import Log
from predictions.profiling import Measurement, Metrics, NoProfiler, Profiling
from predictions.transaction import Transaction, transaction_of

LOGGED_PATHS: Final = frozenset(
    {
        "/predict",
        "/predict_proba",
        "/predict_batch",
        "/logs",
        "/logs/stats",
        "/logs_api",
        "/logs_api/ack",
    }
)

logger = logging.getLogger(__name__)


def is_logged(request: HttpRequest) -> bool:
    """The prediction and log endpoints, and the form's POST; never static files, health or docs."""
    # Without the prefix that a server may mount the site under.
    path = request.path_info
    return path in LOGGED_PATHS or (path == "/" and request.method == "POST")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TransactionMiddleware:
    """Thin: start, call, stop, append. Nothing here may change or break the answer.

    ``clock``: what an entry's timestamp is read from, an aware time.
    """

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase],
        log: Log | None = None,
        profiling: Profiling | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.get_response = get_response
        self.log = get_log() if log is None else log
        self.profiling = get_profiling() if profiling is None else profiling
        self.clock = clock

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_logged(request):
            return self.get_response(request)
        transaction = transaction_of(request)
        began = perf_counter()
        measurement = transaction.measurement = self._start()
        try:
            response = self.get_response(request)
        finally:
            metrics = transaction.metrics = _stop(measurement, transaction)
        latency_ms = (perf_counter() - began) * 1000
        _add_headers(response, transaction, metrics, latency_ms)
        with LoggedFailure(logger, "A transaction could not be logged"):
            now = self.clock()
            status = response.status_code
            self.log.append(entries_of(request, status, transaction, metrics, latency_ms, now))
        return response

    def _start(self) -> Measurement:
        with LoggedFailure(logger, "A transaction could not be measured"):
            return self.profiling.start()
        return NoProfiler()


def _stop(measurement: Measurement, transaction: Transaction) -> Metrics | None:
    with LoggedFailure(logger, "A transaction could not be measured"):
        return measurement.stop(transaction)
    return None


def _add_headers(
    response: HttpResponseBase,
    transaction: Transaction,
    metrics: Metrics | None,
    latency_ms: float,
) -> None:
    """W3C Server-Timing: what a browser's developer tools show."""
    timings = {"app": latency_ms, "inference": transaction.inference_time_ms}
    timings["cpu"] = metrics["cpu_time_ms"] if metrics is not None else None
    response["X-Transaction-ID"] = transaction.id
    response["Server-Timing"] = ", ".join(
        f"{name};dur={duration:.3f}" for name, duration in timings.items() if duration is not None
    )
