"""Keeps deliveries away from a Redis that has just failed."""

import time
from collections.abc import Callable
from typing import Final

PAUSE_SECONDS: Final = 1.0


class Breaker:
    """Open for ``pause`` seconds after a failure; then one caller may try, the others wait on.

    Plain attribute reads and writes: two threads that race cost one more try at worst.
    """

    def __init__(
        self, pause: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause = pause
        self._clock = clock
        self._closed = True
        self._retry_at = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether the last try went well."""
        return self._closed

    def allows(self) -> bool:
        """Whether the caller may try. A yes after a failure holds the others off again."""
        if self._closed:
            return True
        now = self._clock()
        if now < self._retry_at:
            return False
        self._retry_at = now + self._pause
        return True

    def failed(self) -> None:
        self._closed = False
        self._retry_at = self._clock() + self._pause

    def succeeded(self) -> None:
        self._closed = True
