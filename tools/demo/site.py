"""The supervised site beside the player, as `make run` starts it."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

from tools.run.address import Address, status_of

_READY_WITHIN_S: Final = 120
_ENDS_WITHIN_S: Final = 40
_LOOK_EVERY_S: Final = 0.1


class EndedError(Exception):
    """The site has ended, or does not start; it has said why."""


class Site:
    """Runs as long as the block. ``os.environ`` is its environment."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Site":
        # In a session of its own: Ctrl-C is for us, and one SIGTERM from us ends it in order.
        command = [sys.executable, "-m", "tools.run.tether", str(os.getpid())]
        command += [sys.executable, "-m", "tools.run"]
        self._process = subprocess.Popen(command, start_new_session=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_ENDS_WITHIN_S)

    def wait_until_ready(self) -> None:
        """Returns when it can predict. Raises ``EndedError``."""
        if not self.wait_until(self._is_ready, _READY_WITHIN_S):
            raise EndedError

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether it held within ``seconds``. Raises ``EndedError``."""
        ends = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > ends:
                return False
            self._check()
            time.sleep(_LOOK_EVERY_S)
        return True

    def serve(self) -> None:
        """Until it ends. Raises ``EndedError`` then."""
        while True:
            self._check()
            time.sleep(_LOOK_EVERY_S)

    def _check(self) -> None:
        if self._process is None or self._process.poll() is not None:
            raise EndedError

    def _is_ready(self) -> bool:
        return status_of(self.address, "/health/ready") == http.client.OK
