"""Keeps a failure of the logging away from the request that is logged."""

import logging
from types import TracebackType


class LoggedFailure:
    """``with LoggedFailure(logger, "what failed"):`` an exception ends the block, not the caller.

    ``of`` narrows it to one class of failures.

    Only the class is written down: an exception's text can hold health data.
    """

    def __init__(self, logger: logging.Logger, what: str, of: type[Exception] = Exception) -> None:
        self._logger = logger
        self._what = what
        self._of = of

    def __enter__(self) -> None:
        return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if kind is None or not issubclass(kind, self._of):
            return False
        self._logger.error("%s: %s", self._what, kind.__name__)
        return True
