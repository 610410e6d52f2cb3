"""Runs calls in threads that nobody waits for when the process ends."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DaemonExecutor(Executor):
    """A thread for each call, so for few and long ones.

    The standard library's pool is joined at the interpreter's end, whatever one does: a
    server that does not answer would hold up the process until the request's timeout.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)
                raise

        threading.Thread(target=run, name="bulk", daemon=True).start()
        return future
