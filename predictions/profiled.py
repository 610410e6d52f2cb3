"""What of a transaction is profiled: the view's handler and what it calls.

The frame around it, Django's and DRF's, which also writes the answer's JSON, is in the
transaction's latency and CPU time. In the profile it would cost more than the rest of the
request (docs/adr/0014-speed.md).
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.http import HttpRequest
from rest_framework.request import Request

from predictions.profiling import Measurement
from predictions.transaction import started_transaction

_P = ParamSpec("_P")
_Answer = TypeVar("_Answer")


def profiled(handler: Callable[_P, _Answer]) -> Callable[_P, _Answer]:
    """Decorates a view function, or a view's ``get`` or ``post``: the request comes last."""

    @wraps(handler)
    def profiled_handler(*arguments: _P.args, **named: _P.kwargs) -> _Answer:
        measurement = _measurement_of(arguments[-1])
        if measurement is None:
            return handler(*arguments, **named)
        measurement.profile()
        try:
            return handler(*arguments, **named)
        finally:
            measurement.end_profile()

    return profiled_handler


def _measurement_of(request: object) -> Measurement | None:
    if isinstance(request, Request):
        request = request._request
    transaction = started_transaction(request) if isinstance(request, HttpRequest) else None
    return None if transaction is None else transaction.measurement
