"""One line of the process's own log for each transaction."""

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from monitoring.middleware import TransactionLinesMiddleware
from predictions.process_log import TRANSACTIONS
from predictions.transaction import transaction_of

REQUESTS = RequestFactory()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """As with LOG_FORMAT=json."""
    caplog.set_level(logging.INFO, TRANSACTIONS)
    return caplog


def serve(request: HttpRequest, status: int = 200) -> HttpResponse:
    response = TransactionLinesMiddleware(lambda request: HttpResponse("fine", status=status))(
        request
    )
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(
    ("status", "level"), [(200, logging.INFO), (400, logging.WARNING), (500, logging.ERROR)]
)
def test_its_level_is_that_of_the_status(
    status: int, level: int, lines: pytest.LogCaptureFixture
) -> None:
    serve(REQUESTS.post("/predict"), status)
    assert [(line.levelno, line.getMessage()) for line in lines.records] == [
        (level, f"POST /predict {status}")
    ]


def test_it_holds_what_was_measured(lines: pytest.LogCaptureFixture) -> None:
    request = REQUESTS.post("/predict?age=65", headers={"X-Request-ID": "7"})
    transaction_of(request).model_version = "1.0"
    serve(request)
    about = vars(lines.records[0])
    assert 0 < about["event.duration"] < 1_000_000_000
    assert (about["url.path"], about["labels.model_version"]) == ("/predict", "1.0")


def test_a_page_has_no_line(lines: pytest.LogCaptureFixture) -> None:
    serve(REQUESTS.get("/"))
    assert lines.records == []


def test_there_is_none_where_the_processes_print_text(caplog: pytest.LogCaptureFixture) -> None:
    serve(REQUESTS.post("/predict"))
    assert caplog.records == []
