"""The site's own request handling at a time that is not now: the clock, and slow answers.

Django finds middleware by name, so that what a request is played with stands in context
variables, which each thread has of its own.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Final
from unittest.mock import patch

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import override_settings

from predictions.middleware import TransactionMiddleware
from predictions.risk.predictor import Predictor, get_predictor

_TRANSACTIONS: Final = "predictions.middleware.TransactionMiddleware"
_OURS: Final = f"{__name__}.simulated_transactions"
# The simulated time of asking, and the real one on a clock that only runs on.
_ASKED: Final[ContextVar[tuple[datetime, float]]] = ContextVar("asked")
_SLOWER_BY: Final[ContextVar[float]] = ContextVar("slower_by", default=0)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def simulated_now() -> datetime:
    """The time of the ask, and what has passed since. Raises ``LookupError`` outside of one."""
    asked, since = _ASKED.get()
    return asked + timedelta(seconds=time.perf_counter() - since)


@contextmanager
def at(moment: datetime, slower_by: float = 0) -> Iterator[None]:
    """A request inside is asked at ``moment``; its answer takes ``slower_by`` seconds more."""
    asked = _ASKED.set((moment, time.perf_counter()))
    slower = _SLOWER_BY.set(slower_by)
    try:
        yield
    finally:
        _SLOWER_BY.reset(slower)
        _ASKED.reset(asked)


@contextmanager
def simulation() -> Iterator[None]:
    """Handlers that are made inside log at the simulated time."""
    names = [_OURS if name == _TRANSACTIONS else name for name in settings.MIDDLEWARE]
    with (
        override_settings(MIDDLEWARE=names),
        patch("predictions.recorded.get_predictor", slow_predictor),
    ):
        yield


def simulated_transactions(get_response: GetResponse) -> TransactionMiddleware:
    return TransactionMiddleware(get_response, clock=simulated_now)


def slow_predictor() -> Predictor:
    """Stands where a prediction begins: latency and profile show what a slow answer waits for."""
    seconds = _SLOWER_BY.get()
    if seconds:
        wait_like_a_slow_disk(seconds)
    return get_predictor()


def wait_like_a_slow_disk(seconds: float) -> None:
    """By its name in the list of costly functions."""
    time.sleep(seconds)
