"""The transaction log in Redis: the window that people look at and the stream that is delivered.

Every entry is written twice in one atomic round trip: to the LIST ``api_logs``,
newest first and bounded, and to the STREAM ``api_logs:stream``, which the pipeline's
consumer group reads and trims. What Redis does not take goes to the spool.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

import redis

from predictions.log.breaker import Breaker
from predictions.log.entry import Entries
from predictions.log.redis_transaction import Command, Connections, in_one_transaction
from predictions.log.spool import Spool

LIST_KEY: Final = "api_logs"
STREAM_KEY: Final = "api_logs:stream"
STREAM_FIELD: Final = "entry"
GROUP: Final = "log_pipeline"
# What one socket operation carries: large enough to be fast, small enough for the timeout.
PIECE_BYTES: Final = 1_000_000

logger = logging.getLogger(__name__)


class Log(Protocol):
    """Where the middleware leaves a transaction's entries."""

    def append(self, entries: Entries) -> None: ...


class NoLog:
    """Stands in where LOG_TO_REDIS is off."""

    def append(self, entries: Entries) -> None:
        return


class TransactionLog:
    """Redis first, the spool when Redis does not answer; when ``append`` returns, one has it."""

    def __init__(
        self,
        client: redis.Redis,
        spool: Spool,
        breaker: Breaker,
        *,
        window: int,
        stream_length: int,
    ) -> None:
        self._connections = Connections(client)
        self._spool = spool
        self._breaker = breaker
        self._window = window
        self._stream_length = stream_length

    def append(self, entries: Entries) -> None:
        """Never raises for Redis or for the disk: what neither takes is counted as dropped."""
        if not self._send(entries.summary, in_window=True):
            self._spool.append(list(entries))
        elif entries.rows:
            self._append_rows(entries.rows)

    def _append_rows(self, rows: Sequence[bytes]) -> None:
        pieces = list(in_pieces(rows))
        for number, piece in enumerate(pieces):
            if not self._send(*piece, in_window=False):
                self._spool.append([entry for rest in pieces[number:] for entry in rest])
                return

    def _send(self, *entries: bytes, in_window: bool) -> bool:
        """Whether Redis took all of them."""
        if not self._breaker.allows():
            return False
        try:
            self._write(entries, in_window=in_window)
        except (redis.RedisError, OSError) as error:
            if self._breaker.is_closed:
                # Only the class: a text can hold health data.
                logger.warning("Redis does not take log entries: %s", type(error).__name__)
            self._breaker.failed()
            return False
        self._breaker.succeeded()
        return True

    def _write(self, entries: Sequence[bytes], *, in_window: bool) -> None:
        commands = [xadd(entry, self._stream_length) for entry in entries]
        if in_window:
            commands.append(("LPUSH", LIST_KEY, *entries))
            commands.append(("LTRIM", LIST_KEY, 0, self._window - 1))
        # One transaction, so that a Redis that is full refuses both writes and never only one.
        check_stream(in_one_transaction(self._connections, commands)[: len(entries)])


def xadd(entry: bytes, stream_length: int) -> Command:
    """Add one entry, with the safety valve that only a stream nobody trims reaches."""
    return ("XADD", STREAM_KEY, "MAXLEN", "~", stream_length, "*", STREAM_FIELD, entry)


def check_stream(answers: Sequence[Any]) -> None:
    """Raise unless the stream took every entry.

    What the window answers is not looked at: people read it, nothing is delivered from
    it, and a second try would deliver the entries twice.
    """
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer


def in_pieces(entries: Sequence[bytes], size: int = PIECE_BYTES) -> Iterator[list[bytes]]:
    """The entries in order, in groups of about ``size`` bytes, at least one entry each."""
    piece: list[bytes] = []
    filled = 0
    for entry in entries:
        if piece and filled + len(entry) > size:
            yield piece
            piece, filled = [], 0
        piece.append(entry)
        filled += len(entry)
    if piece:
        yield piece
