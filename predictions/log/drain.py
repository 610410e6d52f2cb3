"""Brings the spool's entries to Redis once it is back: a timer in each web worker."""

import logging
import threading
from collections.abc import Sequence
from contextlib import closing
from typing import Final

import orjson
import redis

from predictions.log.breaker import Breaker
from predictions.log.entry import is_rows
from predictions.log.guard import LoggedFailure
from predictions.log.redis_transaction import Connections, in_one_transaction
from predictions.log.spool import Spool
from predictions.log.spool_file import SpoolFile
from predictions.log.transaction_log import LIST_KEY, check_stream, xadd

INTERVAL_SECONDS: Final = 0.5

logger = logging.getLogger(__name__)

# Puts late entries where their time belongs in the window: takes the newer ones off the
# head (and some more, because workers' clocks and pushes overlap), sorts, puts all back.
# An entry begins with its timestamp, always as long, so that text order is time order.
_MERGE_INTO_WINDOW: Final = """
local keep, overlap = tonumber(ARGV[1]), 32
local merged, seen = {}, {}
local function take(entry)
  if not seen[entry] then
    seen[entry] = true
    merged[#merged + 1] = entry
  end
end
for position = 2, #ARGV do take(ARGV[position]) end
local oldest = ARGV[#ARGV]
while overlap > 0 do
  local head = redis.call('LPOP', KEYS[1])
  if not head then break end
  if head < oldest then overlap = overlap - 1 end
  take(head)
end
table.sort(merged)
for _, entry in ipairs(merged) do redis.call('LPUSH', KEYS[1], entry) end
redis.call('LTRIM', KEYS[1], 0, keep - 1)
return #merged
"""


class Drainer:
    """Delivers at least once, in pieces, keeping its place: a crash repeats one piece at most."""

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
        """``client`` asks with the requests' short timeout, ``patient`` delivers."""
        self._client = client
        self._patient = Connections(patient)
        self._spool = spool
        self._breaker = breaker
        self._window = window
        self._stream_length = stream_length

    def tick(self) -> int:
        """Drain what waits, a killed worker's files too; how many entries Redis took."""
        try:
            if not self._breaker.is_closed:
                # The timer asks, so that no request has to find out.
                self._client.ping()
            # Closed even when a file fails: a killed worker's file is then unlocked at once.
            with closing(self._spool.files()) as files:
                delivered = sum(self._drain(file) for file in files)
        except redis.RedisError:
            self._breaker.failed()
            return 0
        self._breaker.succeeded()
        return delivered

    def _drain(self, file: SpoolFile) -> int:
        delivered = 0
        # A disk that fails on one file must not keep the others' entries waiting.
        with LoggedFailure(logger, f"{file.path.name} cannot be drained", OSError):
            lines, end = file.read()
            while lines:
                self._deliver(lines)
                file.drained(end, len(lines))
                delivered += len(lines)
                lines, end = file.read()
        return delivered

    def _deliver(self, lines: Sequence[bytes]) -> None:
        entries, summaries = self._sorted_out(lines)
        commands = [xadd(entry, self._stream_length) for entry in entries]
        if summaries:
            newest = sorted(summaries, reverse=True)[: self._window]
            commands.append(("EVAL", _MERGE_INTO_WINDOW, 1, LIST_KEY, self._window, *newest))
        if commands:
            check_stream(in_one_transaction(self._patient, commands)[: len(entries)])

    def _sorted_out(self, lines: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
        """Every entry, and those of them that belong to the window."""
        entries, summaries = [], []
        for line in lines:
            try:
                belongs_to_window = not is_rows(orjson.loads(line))
            except (ValueError, LookupError, TypeError, AttributeError):
                self._spool.set_aside(line)
                continue
            entries.append(line)
            if belongs_to_window:
                summaries.append(line)
        return entries, summaries


class DrainTimer:
    """A daemon thread that ticks; ``stop`` is for tests, a worker just ends."""

    def __init__(self, drainer: Drainer, interval: float = INTERVAL_SECONDS) -> None:
        self._drainer = drainer
        self._interval = interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drain-spool", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            # A timer that dies would leave entries waiting for ever.
            with LoggedFailure(logger, "Draining the spool failed"):
                self._drainer.tick()
