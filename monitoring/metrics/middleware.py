"""Counts every request that reaches Django, for /metrics."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from monitoring.metrics.requests import RequestMetrics, get_request_metrics
from predictions.log.guard import LoggedFailure

logger = logging.getLogger(__name__)


class MetricsMiddleware:
    """Directly outside ``TransactionMiddleware``, whose transaction it reads afterwards.

    Nothing here may change or break the answer: where the files cannot be made, nothing is
    counted, and that is said once.
    """

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase],
        metrics: RequestMetrics | None = None,
    ) -> None:
        self.get_response = get_response
        self.metrics = metrics
        if metrics is None:
            with LoggedFailure(logger, "Requests are not counted for /metrics", OSError):
                self.metrics = get_request_metrics()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = self.get_response(request)
        if self.metrics is not None:
            with LoggedFailure(logger, "A request could not be counted for /metrics"):
                self.metrics.observe(request, response.status_code, perf_counter() - began)
        return response
