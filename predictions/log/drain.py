"""Brings the spool's entries to Redis, in pieces, to the window and the stream together."""

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
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
# the newer ones come off the head, and go back on sorted. An entry begins with its
# timestamp, always as long, so that text order is time order. The window's own failure
# (somebody else's value under its key) stops nothing: people read it, nothing is delivered
# from it, and another try would deliver twice.
_SCRIPT: Final = """
local stream, window = KEYS[1], KEYS[2]
local length, field, keep, shown = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local merged, sorted, first = {}, true, 5
for position = first, #ARGV do
  local entry = ARGV[position]
  redis.call('XADD', stream, 'MAXLEN', '~', length, '*', field, entry)
  local place = position - first + 1
  if shown:sub(place, place) == '1' then
    sorted = sorted and (#merged == 0 or merged[#merged] < entry)
    merged[#merged + 1] = entry
  end
end
local function merge()
  local oldest, seen = merged[1], {}
  for _, entry in ipairs(merged) do
    seen[entry] = true
    if entry < oldest then oldest = entry end
  end
  local head = redis.call('LINDEX', window, 0)
  while head and head >= oldest do
    redis.call('LPOP', window)
    if not seen[head] then
      merged[#merged + 1] = head
      sorted = false
    end
    head = redis.call('LINDEX', window, 0)
  end
  if not sorted then table.sort(merged) end
  for _, entry in ipairs(merged) do redis.call('LPUSH', window, entry) end
  redis.call('LTRIM', window, 0, keep - 1)
end
if #merged > 0 then pcall(merge) end
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
        # Entries that Redis has taken from this process.
        self.delivered = 0

    def deliver(self, *, left_behind: bool = False) -> int:
        """Drain this worker's file, or those of killed workers too; how many entries Redis took."""
        return self._unless_away(partial(self._drain_files, left_behind=left_behind))

    def send(self, entries: Sequence[bytes]) -> bool:
        """Past a disk that takes nothing: whether Redis took them."""
        return self._unless_away(partial(self._write, entries)) > 0

    def is_behind(self, size: int) -> bool:
        """Whether more than ``size`` bytes of this worker's wait for a Redis that takes them."""
        own = self._spool.own
        return own is not None and own.bytes_left > size and self._breaker.is_closed

    def _unless_away(self, bring: Callable[[], int]) -> int:
        """How many entries it brought: none where Redis is away, or has just been."""
        if not self._breaker.allows():
            return 0
        try:
            if not self._breaker.is_closed:
                # A Redis that hangs then holds up for the short timeout only.
                self._client.ping()
            brought = bring()
        except redis.RedisError as error:
            if self._breaker.is_closed:
                # Only the class: a text can hold health data.
                logger.warning("Redis does not take log entries: %s", type(error).__name__)
            self._breaker.failed()
            return 0
        self._breaker.succeeded()
        return brought

    def _drain_files(self, *, left_behind: bool) -> int:
        own = self._spool.own
        delivered = self._drain(own) if own is not None else 0
        if left_behind:
            # Closed even when a file fails: a killed worker's file is then unlocked at once.
            with closing(self._spool.left_behind()) as files:
                delivered += sum(self._drain(file) for file in files)
        return delivered

    def _drain(self, file: SpoolFile) -> int:
        """What it holds now; what comes meanwhile is the next piece of work."""
        delivered = 0
        # A disk that fails on one file must not keep the others' entries waiting.
        with file.draining, LoggedFailure(logger, f"{file.path.name} cannot be drained", OSError):
            left = file.bytes_left
            while left > 0:
                lines, size = file.read()
                delivered += self._write(lines)
                file.drained(size)
                left -= size
        return delivered

    def _write(self, entries: Sequence[bytes]) -> int:
        """All of them; how many they are."""
        shown = "".join("0" if BEGINNING_OF_ROWS in entry else "1" for entry in entries)
        settings = (self._stream_length, STREAM_FIELD, self._window, shown)
        self._patient.eval(_SCRIPT, 2, STREAM_KEY, LIST_KEY, *settings, *entries)
        self.delivered += len(entries)
        return len(entries)
