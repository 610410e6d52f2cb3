"""The processes' own log: whose request a line belongs to, and one line for each transaction."""

import logging
from collections.abc import Callable
from time import perf_counter_ns
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from predictions.log.entry import level_of, request_id_of
from predictions.log.guard import LoggedFailure
from predictions.middleware import is_logged
from predictions.process_log import TRANSACTIONS, lines_of
from predictions.transaction import Transaction, transaction_of

logger = logging.getLogger(__name__)
# Silent where the processes print text: heartrisk_site/process_logs.py.
transactions: Final = logging.getLogger(TRANSACTIONS)
_LEVELS: Final = logging.getLevelNamesMapping()


class TransactionLinesMiddleware:
    """Outside the middleware that measures and logs, whose own lines carry the id too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_logged(request):
            return self.get_response(request)
        transaction = transaction_of(request)
        with lines_of(transaction.id, request_id_of(request)):
            began = perf_counter_ns()
            response = self.get_response(request)
            with LoggedFailure(logger, "A transaction has no line in the process's log"):
                _tell(request, response.status_code, transaction, perf_counter_ns() - began)
        return response


def _tell(request: HttpRequest, status: int, transaction: Transaction, duration_ns: int) -> None:
    """Who, what, how long: never what was asked or answered."""
    level = _LEVELS[level_of(status)]
    if not transactions.isEnabledFor(level):
        return
    fields: dict[str, object] = {
        "event.duration": duration_ns,
        "http.request.method": request.method,
        "http.response.status_code": status,
        "url.path": request.path,
    }
    if transaction.model_version is not None:
        fields["labels.model_version"] = transaction.model_version
    said = "%s %s %d"
    transactions.log(level, said, request.method, request.path, status, extra=fields)
