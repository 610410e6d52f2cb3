"""The transaction log: each entry is on this worker's disk before its answer's first byte.

From there it reaches two places in Redis together, a few milliseconds later: the LIST
``api_logs``, the window that people look at, newest first and bounded; and the STREAM
``api_logs:stream``, which the pipeline's consumer group reads and trims.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from predictions.log.entry import Entries
from predictions.log.spool import Spool

LIST_KEY: Final = "api_logs"
STREAM_KEY: Final = "api_logs:stream"
STREAM_FIELD: Final = "entry"
GROUP: Final = "log_pipeline"


class Log(Protocol):
    """Where the middleware leaves a transaction's entries."""

    def append(self, entries: Entries) -> None: ...


class NoLog:
    """Stands in where LOG_TO_REDIS is off."""

    def append(self, entries: Entries) -> None:
        return


class TransactionLog:
    """When ``append`` returns, the spool has the entries: no kill of a process loses them.

    ``deliver`` brings them to Redis. Where a thread does so, it only wakes that; where there
    is none, in a command or a test, the caller waits for it. ``send`` says whether Redis has
    taken entries that the disk does not.
    """

    def __init__(
        self,
        spool: Spool,
        deliver: Callable[[], object],
        send: Callable[[Sequence[bytes]], bool],
    ) -> None:
        self.deliver = deliver
        self._spool = spool
        self._send = send

    def append(self, entries: Entries) -> None:
        """Never raises for Redis or the disk: what neither takes is counted as dropped."""
        refused = self._spool.append([entries.summary, *entries.rows])
        if refused and not self._send(refused):
            self._spool.drop(refused)
        self.deliver()
