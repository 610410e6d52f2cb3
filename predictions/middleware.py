"""Gives every transaction its id, times it, logs it."""

import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

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


def is_logged(request: HttpRequest) -> bool:
    """The prediction and log endpoints, and the form's POST; never static files, health or docs."""
    return request.path in LOGGED_PATHS or (request.path == "/" and request.method == "POST")


class TransactionMiddleware:
    """Thin: start, call, stop. Nothing here may change or break the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_logged(request):
            return self.get_response(request)
        transaction = transaction_of(request)
        started = time.perf_counter()
        response = self.get_response(request)
        latency_ms = (time.perf_counter() - started) * 1000
        _add_headers(response, transaction, latency_ms)
        return response


def _add_headers(response: HttpResponse, transaction: Transaction, latency_ms: float) -> None:
    timings = [f"app;dur={latency_ms:.3f}"]
    if transaction.inference_time_ms is not None:
        timings.append(f"inference;dur={transaction.inference_time_ms:.3f}")
    response["X-Transaction-ID"] = transaction.id
    response["Server-Timing"] = ", ".join(timings)
