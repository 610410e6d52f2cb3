"""Takes over what a dead pipeline has read and not acknowledged.

A living pipeline keeps a key in Redis that expires; without it, its entries are anybody's.
Redis counts how often each was given out: those that outlive their receivers again and
again are given out in small groups, then alone, until it is plain which one kills them.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import redis

from logpipeline.sources.losses import Losses
from logpipeline.sources.source import Delivery
from predictions.log.transaction_log import GROUP, STREAM_FIELD, STREAM_KEY

ALIVE_KEY: Final = "log_pipeline:alive:"
_FIELD: Final = STREAM_FIELD.encode()
# Two that look at the same moment: the first claim makes the entry young again.
_JUST_CLAIMED_MS: Final = 200
_DELETE_IF_IDLE: Final = """
local pending = redis.call("XPENDING", KEYS[1], ARGV[1], "-", "+", 1, ARGV[2])
if #pending == 0 then redis.call("XGROUP", "DELCONSUMER", KEYS[1], ARGV[1], ARGV[2]) end
"""
_LOOK_EVERY_S: Final = 60.0
_PAGE: Final = 10_000
# Deliveries so far -> how many are given out together.
_GROUPS: Final = {1: 1000, 2: 50}
# Whose second receiver died, too: nothing else may be in hand beside them, or it would share
# their fate and their count.
SUSPECT: Final = 2


class Takeover:
    """One pipeline's view of the others. Methods raise redis-py's errors."""

    def __init__(
        self,
        client: redis.Redis,
        consumer: str,
        losses: Losses,
        claim_after: float,
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._consumer = consumer
        self._losses = losses
        self._claim_after = claim_after
        self._clock = clock
        self._look_at = 0.0
        self._asked_at = 0.0
        # There are suspects, and they must wait until nothing is in hand.
        self.suspects_wait = False

    def announce(self) -> None:
        """We live."""
        key, milliseconds = ALIVE_KEY + self._consumer, int(self._claim_after * 1000)
        # A Redis that is full lets us live on. Where it does not let us begin, others may take
        # over what we have: it is then stored once all the same, and the memory gets free.
        if not self._client.pexpire(key, milliseconds):
            with suppress(redis.OutOfMemoryError):
                self._client.set(key, "1", px=milliseconds)

    def claim(self, most: int, *, busy: bool) -> list[Delivery]:
        """Entries of the dead, at the start and then every minute, all that there are.

        ``busy``: something is in hand.
        """
        self.suspects_wait = False
        if self._clock() < self._look_at:
            return []
        for name in self._dead():
            claimed = self._claim_from(name, most, busy=busy)
            if claimed or self.suspects_wait:
                return claimed
        self._look_at = self._clock() + min(_LOOK_EVERY_S, self._claim_after)
        return []

    def nothing_to_come(self) -> bool:
        """Nobody else holds entries, or whoever does has shown since we asked that it lives."""
        others = {name for name, pending in self._consumers() if pending and name != self._consumer}
        if not others:
            self._asked_at = 0.0
            return True
        now = self._clock()
        self._asked_at = self._asked_at or now
        # Look at once, not in a minute.
        self._look_at = 0.0
        outlived = now - self._asked_at > self._claim_after + _JUST_CLAIMED_MS / 1000
        return outlived and not set(self._dead()) & others

    def survived(self, ids: Sequence[str]) -> None:
        """Sets the count of deliveries back: these do not kill."""
        if ids:
            self._client.xclaim(
                STREAM_KEY, GROUP, self._consumer, 0, list(ids), retrycount=1, justid=True
            )

    def leave(self, unacknowledged: Sequence[str]) -> bool:
        """An orderly end: others need not wait, and a consumer with nothing pending goes.

        Whether Redis answered.
        """
        try:
            self.survived(unacknowledged)
            self._client.delete(ALIVE_KEY + self._consumer)
            self._delete(self._consumer)
        except (redis.RedisError, OSError):
            # Then they wait until the key has expired.
            return False
        return True

    def _consumers(self) -> list[tuple[str, int]]:
        found: Any = self._client.xinfo_consumers(STREAM_KEY, GROUP)
        return [(each["name"].decode(), int(each["pending"])) for each in found]

    def _dead(self) -> list[str]:
        """Those with entries; those without are deleted, which loses nothing."""
        with_entries = []
        for name, pending in self._consumers():
            if name == self._consumer or self._client.exists(ALIVE_KEY + name):
                continue
            if pending:
                with_entries.append(name)
            else:
                self._delete(name)
        return with_entries

    def _delete(self, consumer: str) -> None:
        """If nothing is pending. In one step: if it read meanwhile, its entries would go, too."""
        self._client.eval(_DELETE_IF_IDLE, 1, STREAM_KEY, GROUP, consumer)

    def _claim_from(self, consumer: str, most: int, *, busy: bool) -> list[Delivery]:
        raw: Any = self._client.xpending_range(
            STREAM_KEY, GROUP, "-", "+", _PAGE, consumername=consumer, idle=_JUST_CLAIMED_MS
        )
        if not raw:
            return []
        # The least suspect first, so that one bad entry holds up nobody for long.
        counts = {each["message_id"].decode(): int(each["times_delivered"]) for each in raw}
        fewest = min(counts.values())
        if busy and fewest >= SUSPECT:
            self.suspects_wait = True
            return []
        together = min(most, _GROUPS.get(fewest, 1))
        chosen = [identity for identity, count in counts.items() if count == fewest][:together]
        claimed: Any = self._client.xclaim(
            STREAM_KEY, GROUP, self._consumer, _JUST_CLAIMED_MS, chosen
        )
        if len(claimed) < len(chosen):
            self._count_trimmed(chosen, {identity.decode() for identity, _ in claimed})
        return [
            Delivery(identity.decode(), identity.decode(), fields.get(_FIELD, b""), fewest + 1)
            for identity, fields in claimed
        ]

    def _count_trimmed(self, chosen: Sequence[str], claimed: set[str]) -> None:
        """Pending entries that the stream no longer has; Redis forgets them when claimed."""
        missing = [
            identity
            for identity in chosen
            if identity not in claimed and not self._client.xrange(STREAM_KEY, identity, identity)
        ]
        self._losses.trimmed_while_pending(missing)
