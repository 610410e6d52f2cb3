"""The site as Redis sees it when it comes and goes: what is refused is tried again."""

import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Final, Self

import redis

from predictions.log.transaction_log import STREAM_FIELD, STREAM_KEY
from tests.conftest import Valkey

_AGAIN_AFTER_S: Final = 0.05


class PatientWriter:
    """Adds groups of entries, each as a whole; ``accepted`` are those that Redis answered for.

    A group whose answer was lost is added again, as the site's spool does it: then the
    stream has it twice, and ``accepted`` once.
    """

    def __init__(self, valkey: Valkey, groups: Iterable[list[bytes]], every: float = 0.02) -> None:
        self.accepted: list[bytes] = []
        self.groups_accepted = 0
        self._client = valkey.client()
        self._groups = groups
        self._every = every
        self._stopped = threading.Event()
        # A test that fails must not wait for a Redis that never comes back.
        self._gives_up = False
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
        self._gives_up = error is not None
        self.stop()

    def stop(self) -> None:
        """After the group under way, which Redis must be there for."""
        self._stopped.set()
        self._thread.join()

    @property
    def is_done(self) -> bool:
        """All groups are accepted."""
        return not self._thread.is_alive()

    def _write(self) -> None:
        for group in self._groups:
            while not self._accepts(group):
                if self._gives_up:
                    return
                time.sleep(_AGAIN_AFTER_S)
            self.accepted += group
            self.groups_accepted += 1
            if self._stopped.wait(self._every):
                return

    def _accepts(self, group: list[bytes]) -> bool:
        pipe = self._client.pipeline(transaction=True)
        for line in group:
            pipe.xadd(STREAM_KEY, {STREAM_FIELD: line})
        try:
            pipe.execute()
        except (redis.RedisError, OSError):
            return False
        return True
