"""Brings the spool's entries to Redis, in pieces, to the window and the stream together."""

import logging
from collections.abc import Sequence
from contextlib import closing
from typing import Final

import redis

from predictions.log.breaker import Breaker
from predictions.log.entry import BEGINNING_OF_ROWS
from predictions.log.guard import LoggedFailure
from predictions.log.spool import Spool
from predictions.log.spool_file import SpoolFile
from predictions.log.transaction_log import LIST_KEY, STREAM_FIELD, STREAM_KEY

logger = logging.getLogger(__name__)

# One script is one atomic step: a Redis that is full refuses all of it at its first write.
# Entries take their place in the window by their time, because each worker brings its own:
# the newer ones come off the head (and some more, because clocks differ), all are sorted
# and put back. An entry begins with its timestamp, always as long, so that text order is
# time order. The window's own failure (somebody else's value under its key) stops nothing:
# people read it, nothing is delivered from it, and another try would deliver twice.
_SCRIPT: Final = """
local keep, length, field, rows = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local merged, seen, oldest = {}, {}, nil
local function take(entry)
  if not seen[entry] then
    seen[entry] = true
    merged[#merged + 1] = entry
  end
end
for position = 5, #ARGV do
  local entry = ARGV[position]
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', length, '*', field, entry)
  if not entry:find(rows, 1, true) then
    take(entry)
    if not oldest or entry < oldest then oldest = entry end
  end
end
pcall(function()
  local overlap = 32
  while oldest and overlap > 0 do
    local head = redis.call('LPOP', KEYS[1])
    if not head then break end
    if head < oldest then overlap = overlap - 1 end
    take(head)
  end
  table.sort(merged)
  for _, entry in ipairs(merged) do redis.call('LPUSH', KEYS[1], entry) end
  redis.call('LTRIM', KEYS[1], 0, keep - 1)
end)
"""


class Drainer:
    """Delivers at least once, keeping its place: a crash repeats one piece at most."""

    def __init__(
        self,
        client: redis.Redis,
        patient: redis.Redis,
        spool: Spool,
        breaker: Breaker,
        *,
        window: int,
        stream_length: int,
    ) -> None:
        """``client`` asks with a short timeout whether Redis is back, ``patient`` delivers."""
        self._client = client
        self._patient = patient
        self._spool = spool
        self._breaker = breaker
        self._window = window
        # The safety valve that only a stream nobody trims reaches.
        self._stream_length = stream_length

    def deliver(self, *, left_behind: bool = False) -> int:
        """Drain this worker's file, or those of killed workers too; how many entries Redis took."""
        if not self._breaker.allows():
            return 0
        try:
            if not self._breaker.is_closed:
                # A Redis that hangs then holds up for the short timeout only.
                self._client.ping()
            delivered = self._drain(self._spool.own) if self._spool.own is not None else 0
            if left_behind:
                # Closed even when a file fails: a killed worker's file is then unlocked at once.
                with closing(self._spool.left_behind()) as files:
                    delivered += sum(self._drain(file) for file in files)
        except redis.RedisError as error:
            if self._breaker.is_closed:
                # Only the class: a text can hold health data.
                logger.warning("Redis does not take log entries: %s", type(error).__name__)
            self._breaker.failed()
            return 0
        self._breaker.succeeded()
        return delivered

    def _drain(self, file: SpoolFile) -> int:
        """What it holds now; what comes meanwhile is the next piece of work."""
        delivered = 0
        # A disk that fails on one file must not keep the others' entries waiting.
        with file.draining, LoggedFailure(logger, f"{file.path.name} cannot be drained", OSError):
            left = file.bytes_left
            while left > 0:
                lines, size = file.read()
                self._send(lines)
                file.drained(size)
                delivered += len(lines)
                left -= size
        return delivered

    def _send(self, lines: Sequence[bytes]) -> None:
        settings = (self._window, self._stream_length, STREAM_FIELD, BEGINNING_OF_ROWS)
        self._patient.eval(_SCRIPT, 2, LIST_KEY, STREAM_KEY, *settings, *lines)
