from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import orjson
import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from predictions.log.entry import Entries, timestamp
from predictions.middleware import LOGGED_PATHS, TransactionMiddleware, is_logged
from predictions.profiled import profiled
from predictions.profiling import NoProfiler, Profiler
from predictions.transaction import Transaction, transaction_of
from tests.predictions.logs import NOON, raising

REQUESTS = RequestFactory()


class Kept:
    """A log in memory."""

    def __init__(self) -> None:
        self.entries: list[Entries] = []

    def append(self, entries: Entries) -> None:
        self.entries.append(entries)

    def data(self) -> dict[str, object]:
        found: dict[str, object] = orjson.loads(self.entries[0].summary)["data"]
        return found


def answer(request: HttpRequest) -> HttpResponse:
    transaction_of(request).inference_time_ms = 0.5
    return HttpResponse("fine")


def serve(
    request: HttpRequest,
    view: Callable[[HttpRequest], HttpResponse] = answer,
    log: Kept | None = None,
) -> HttpResponse:
    middleware = TransactionMiddleware(view, log or Kept(), Profiler())
    response = middleware(request)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize("path", sorted(LOGGED_PATHS))
def test_it_logs_every_prediction_and_log_endpoint(path: str) -> None:
    log = Kept()
    serve(REQUESTS.get(path), log=log)
    assert log.data()["path"] == path


def test_it_logs_the_forms_post_and_not_the_page() -> None:
    assert is_logged(REQUESTS.post("/"))
    assert not is_logged(REQUESTS.get("/"))


@pytest.mark.parametrize("path", ["/health", "/api/docs/", "/static/app.css", "/predict/x"])
def test_it_leaves_everything_else_alone(path: str) -> None:
    log = Kept()
    response = serve(REQUESTS.post(path), lambda request: HttpResponse("fine"), log)
    assert log.entries == []
    assert "X-Transaction-ID" not in response


def test_it_logs_where_the_site_is_mounted_under_a_prefix() -> None:
    log = Kept()
    serve(REQUESTS.post("/predict", SCRIPT_NAME="/heart"), log=log)
    assert log.data()["path"] == "/heart/predict"


def test_a_query_is_not_logged() -> None:
    log = Kept()
    serve(REQUESTS.get("/logs?limit=5"), log=log)
    assert log.data()["path"] == "/logs"


def test_the_answer_carries_the_transactions_id_and_times() -> None:
    log = Kept()
    response = serve(REQUESTS.post("/predict"), log=log)
    assert response["X-Transaction-ID"] == log.data()["transaction_id"]
    names = [part.split(";dur=")[0] for part in response["Server-Timing"].split(", ")]
    assert names == ["app", "inference", "cpu"]


def test_the_times_say_only_what_was_measured() -> None:
    middleware = TransactionMiddleware(lambda request: HttpResponse(), Kept(), NoProfiler())
    assert middleware(REQUESTS.post("/predict"))["Server-Timing"].startswith("app;dur=")
    assert "cpu" not in middleware(REQUESTS.post("/predict"))["Server-Timing"]


@pytest.mark.parametrize("status", [200, 404, 405, 413, 500])
def test_it_logs_whatever_the_answer_is(status: int) -> None:
    log = Kept()
    response = serve(REQUESTS.post("/predict"), lambda request: HttpResponse(status=status), log)
    assert response.status_code == status
    assert log.data()["status"] == status


def test_it_logs_before_a_streamed_answers_first_byte() -> None:
    log = Kept()

    def entries_so_far() -> Iterator[str]:
        yield str(len(log.entries))

    middleware = TransactionMiddleware(
        lambda request: StreamingHttpResponse(entries_so_far()), log, Profiler()
    )
    response = middleware(REQUESTS.post("/predict"))
    assert isinstance(response, StreamingHttpResponse)
    assert response.getvalue() == b"1"


def test_a_failing_log_does_not_touch_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    log = Kept()
    log.append = raising(ValueError)  # type: ignore[method-assign]
    assert serve(REQUESTS.post("/predict"), log=log).content == b"fine"
    assert caplog.messages == ["A transaction could not be logged: ValueError"]


class Broken:
    """A profiler that fails where told."""

    def start(self) -> "Broken":
        return self

    def profile(self) -> None:
        return

    def end_profile(self) -> None:
        return

    def stop(self, transaction: Transaction) -> None:
        raise ValueError


def test_a_failing_measurement_does_not_touch_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = Kept()
    response = TransactionMiddleware(answer, log, Broken())(REQUESTS.post("/predict"))
    assert response.status_code == 200
    assert log.data()["performance_metrics"] is None
    assert caplog.messages == ["A transaction could not be measured: ValueError"]


def test_a_measurement_that_cannot_start_does_not_touch_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Broken, "start", raising(ValueError))
    log = Kept()
    response = TransactionMiddleware(answer, log, Broken())(REQUESTS.post("/predict"))
    assert response.status_code == 200
    assert log.data()["performance_metrics"] is None


def test_the_profiler_is_stopped_when_the_process_is_told_to_end() -> None:
    profiler = Profiler(hears_every_thread=True)
    middleware = TransactionMiddleware(profiled(raising(SystemExit)), Kept(), profiler)
    with pytest.raises(SystemExit):
        middleware(REQUESTS.post("/predict"))
    assert not profiler.slot.locked()


def test_an_entrys_time_is_the_clocks() -> None:
    log = Kept()
    TransactionMiddleware(answer, log, Profiler(), lambda: NOON)(REQUESTS.post("/predict"))
    assert orjson.loads(log.entries[0].summary)["timestamp"] == timestamp(NOON)


def test_the_usual_clock_is_the_real_one() -> None:
    log = Kept()
    before = timestamp(datetime.now(UTC))
    serve(REQUESTS.post("/predict"), log=log)
    logged = orjson.loads(log.entries[0].summary)["timestamp"]
    assert before <= logged <= timestamp(datetime.now(UTC))
