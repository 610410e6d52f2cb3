"""Whose request a log line belongs to."""

import logging
import threading

from django.test import RequestFactory

from predictions.process_log import JsonFormatter, TransactionFilter, lines_of


def record() -> logging.LogRecord:
    made = logging.LogRecord("a.logger", logging.INFO, "f.py", 1, "said", (), None)
    assert TransactionFilter().filter(made)
    return made


def ids(of: logging.LogRecord) -> list[object]:
    return [vars(of).get(name) for name in ("transaction.id", "http.request.id")]


def test_a_line_in_a_transaction_has_its_ids() -> None:
    with lines_of("transaction-1", "request-1"):
        assert ids(record()) == ["transaction-1", "request-1"]


def test_a_client_need_not_give_an_id() -> None:
    with lines_of("transaction-1", None):
        assert ids(record()) == ["transaction-1", None]


def test_a_line_after_it_has_none() -> None:
    with lines_of("transaction-1", "request-1"):
        pass
    assert ids(record()) == [None, None]


def test_another_threads_line_has_none() -> None:
    found: list[list[object]] = []
    with lines_of("transaction-1", None):
        thread = threading.Thread(target=lambda: found.append(ids(record())))
        thread.start()
        thread.join()
    assert found == [[None, None]]


def test_the_ids_are_fields_of_the_object() -> None:
    with lines_of("transaction-1", "request-1"):
        said = JsonFormatter().format_to_ecs(record())
    assert said["transaction"] == {"id": "transaction-1"}
    assert said["http"] == {"request": {"id": "request-1"}}


def test_a_requests_query_is_no_field() -> None:
    line = record()
    line.request = RequestFactory().get("/predict?AGE=a-secret-age")
    assert "a-secret-age" not in JsonFormatter().format(line)
