"""Counting a request: what is read of it, and that nothing of it reaches the answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from prometheus_client import generate_latest

from monitoring.metrics.middleware import MetricsMiddleware
from monitoring.metrics.requests import RequestMetrics
from monitoring.metrics.view import RequestFiles
from predictions.profiling import BUSY, Metrics
from predictions.transaction import BatchRecord, transaction_of
from tests.monitoring.metrics.site import value

REQUESTS = RequestFactory()


def measured(**changes: Any) -> Metrics:
    metrics = {"cpu_time_ms": 3.0, "memory_delta_mb": 1.5, "not_profiled": None} | changes
    return cast(Metrics, metrics)


def serve(path: str, **of_transaction: Any) -> HttpResponse:
    """A request that was answered; with ``of_transaction`` it had a transaction."""
    request = REQUESTS.post(path)
    request.resolver_match = resolve(path)
    if of_transaction:
        transaction = transaction_of(request)
        for name, given in of_transaction.items():
            setattr(transaction, name, given)
    return answered(request)


def answered(request: HttpRequest, metrics: RequestMetrics | None = None) -> HttpResponse:
    response = MetricsMiddleware(lambda request: HttpResponse("fine", status=201), metrics)(request)
    assert isinstance(response, HttpResponse)
    return response


@pytest.fixture
def grown(settings: LazySettings) -> Callable[..., float]:
    """How much a sample has grown since the test began."""

    def text() -> str:
        return generate_latest(RequestFiles(settings.PROMETHEUS_DIR)).decode()

    before = text()

    def grown(name: str, **labels: str) -> float:
        return value(text(), name, labels) - value(before, name, labels)

    return grown


def test_it_counts_each_request_by_method_path_and_status(grown: Callable[..., float]) -> None:
    serve("/predict")
    labels = {"method": "POST", "path": "/predict", "status": "201"}
    assert grown("heartrisk_requests_total", **labels) == 1


def test_it_times_each_request(grown: Callable[..., float]) -> None:
    serve("/predict")
    assert grown("heartrisk_request_duration_seconds_count", path="/predict", status="201") == 1
    assert 0 < grown("heartrisk_request_duration_seconds_sum", path="/predict") < 1


def test_it_reads_the_costs_of_a_transaction(grown: Callable[..., float]) -> None:
    serve("/predict", inference_time_ms=2.0, metrics=measured())
    assert grown("heartrisk_inference_duration_seconds_sum") == pytest.approx(0.002)
    assert grown("heartrisk_request_cpu_seconds_sum") == pytest.approx(0.003)
    assert grown("heartrisk_request_memory_growth_bytes_sum") == pytest.approx(1.5 * 1024 * 1024)


def test_memory_that_was_given_back_is_no_growth(grown: Callable[..., float]) -> None:
    serve("/predict", metrics=measured(memory_delta_mb=-7.0))
    assert grown("heartrisk_request_memory_growth_bytes_sum") == 0
    assert grown("heartrisk_request_memory_growth_bytes_count") == 1


def test_it_counts_why_a_transaction_was_not_profiled(grown: Callable[..., float]) -> None:
    serve("/predict", metrics=measured(not_profiled=BUSY))
    assert grown("heartrisk_not_profiled_total", reason="busy") == 1


def test_it_counts_a_prediction_by_its_result(grown: Callable[..., float]) -> None:
    serve("/predict", result={"result": "YES", "probability": 0.7})
    assert grown("heartrisk_predictions_total", result="YES") == 1


def test_it_counts_each_row_of_a_batch(grown: Callable[..., float]) -> None:
    rows: list[dict[str, Any]] = [
        *({"result": {"result": "NO"}} for _ in range(3)),
        {"result": {"result": "YES"}},
        {"invalid_input": []},
    ]
    serve("/predict_batch", batch=BatchRecord("b", rows, 1, 0.1))
    counted = [grown("heartrisk_predictions_total", result=r) for r in ("NO", "YES", "refused")]
    assert counted == [3, 1, 1]


@pytest.mark.parametrize(("path", "refused"), [("/predict", 1), ("/logs", 0)])
def test_a_refused_parameter_of_the_log_is_no_refused_prediction(
    path: str, refused: int, grown: Callable[..., float]
) -> None:
    serve(path, invalid_input=[{"field": "limit"}])
    assert grown("heartrisk_predictions_total", result="refused") == refused


def test_a_failure_to_count_does_not_touch_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Mock(spec=RequestMetrics)
    metrics.observe.side_effect = ValueError("65 years")
    assert answered(REQUESTS.get("/"), metrics).content == b"fine"
    assert caplog.messages == ["A request could not be counted for /metrics: ValueError"]


def test_a_site_whose_files_cannot_be_made_answers_and_says_so_once(
    settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    settings.PROMETHEUS_DIR = tmp_path / "file" / "below"
    middleware = MetricsMiddleware(lambda request: HttpResponse("fine"))
    assert [middleware(REQUESTS.get("/")).status_code for _ in range(3)] == [200, 200, 200]
    assert caplog.messages == ["Requests are not counted for /metrics: NotADirectoryError"]
