"""The site under load, as the pipeline sees it: entries come on and on."""

import threading
from types import TracebackType
from typing import Final, Self

from tests.faults.pipeline import Ends, predictions

_EVERY_S: Final = 0.05
_AT_ONCE: Final = 20


class Writer:
    """Adds 400 entries a second until the end of the block; ``given`` holds them all."""

    def __init__(self, ends: Ends) -> None:
        self.given: list[bytes] = []
        self._ends = ends
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._stopped.wait(_EVERY_S):
            lines = predictions(_AT_ONCE)
            self._ends.add(lines)
            self.given += lines
