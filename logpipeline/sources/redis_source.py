"""The Redis stream, read by a consumer group: an entry is ours until it is acknowledged.

Nothing is read without staying pending (never NOACK), nothing is trimmed before it is
acknowledged. What a dead pipeline left pending is taken over (``takeover.py``).
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import redis
from django.db import DatabaseError

from logpipeline.sources.losses import Losses
from logpipeline.sources.redis_errors import answering
from logpipeline.sources.source import ConflictError, Delivery, NoGroupError, UnavailableError
from logpipeline.sources.stream_position import Position, following, group_named
from logpipeline.sources.takeover import SUSPECT, Takeover
from predictions.log.reader import HTTP_READER_KEY, parse_id
from predictions.log.transaction_log import GROUP, STREAM_FIELD, STREAM_KEY

COUNTERS_KEY: Final = "log_pipeline:counters"
_FIELD: Final = STREAM_FIELD.encode()
# One reply's size: an entry of 500 rows has 300 kB.
_STEP: Final = 250
_BATCH_BYTES: Final = 4_000_000


class RedisSource:
    """``batch_size`` entries, or about 4 MB of them, at a time."""

    name = "redis"
    # One is prepared while the other is under way.
    most_in_flight = 2

    def __init__(
        self,
        client: redis.Redis,
        consumer: str,
        losses: Losses,
        *,
        batch_size: int,
        claim_after: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``claim_after``: seconds of silence after which a pipeline counts as dead."""
        self._client = client
        self._consumer = consumer
        self._losses = losses
        self._batch_size = batch_size
        self._takeover = Takeover(client, consumer, losses, claim_after, clock)
        self._in_hand: set[str] = set()
        self._suspects_in_hand = False
        # Read, and not given out yet.
        self._surplus: list[Delivery] = []
        self._look_back = False
        # What a Redis that is full did not take.
        self._owed: Counter[str] = Counter()

    def open(self) -> None:
        with answering():
            self._check_other_reader()
            self._check_policy()
            self._ensure_group()
            self._takeover.announce()
            self._trim_after_the_dead()
            with suppress(DatabaseError):
                self._remember()

    def read(self, wait: float) -> list[Delivery]:
        if not self._surplus:
            self._surplus = self._read(wait)
        found, size = 0, 0
        while found < len(self._surplus) and size < _BATCH_BYTES:
            size += len(self._surplus[found].content)
            found += 1
        given, self._surplus = self._surplus[:found], self._surplus[found:]
        return given

    def _read(self, wait: float) -> list[Delivery]:
        try:
            with answering():
                deliveries = self._left_behind() or self._taken_over()
                if not (deliveries or self._suspects_in_hand or self._takeover.suspects_wait):
                    deliveries = self._read_new(wait)
        except NoGroupError:
            # Redis was emptied, or another one stands in its place.
            with answering():
                self._ensure_group()
            return []
        except UnavailableError:
            # Redis may have given us entries in an answer that never came.
            self._look_back = True
            raise
        self._in_hand.update(delivery.id for delivery in deliveries)
        return deliveries

    def acknowledge(
        self, ids: Sequence[str], dead: Collection[str], counts: Mapping[str, int]
    ) -> None:
        with answering():
            owed = self._owed.copy()
            # Not again where only the trim failed at the last try.
            if not self._in_hand.isdisjoint(ids):
                owed.update(counts)
            try:
                pending, groups = self._acknowledge(ids, owed)
                self._owed.clear()
            except redis.OutOfMemoryError:
                # Redis is full: the counters wait, the acknowledgement makes room.
                pending, groups = self._acknowledge(ids, {})
                self._owed = owed
            self._in_hand.difference_update(ids)
            if isinstance(pending, redis.ResponseError) or isinstance(groups, redis.ResponseError):
                # Emptied: there is nothing to acknowledge; the next read makes the group anew.
                return
            self._trim(pending, group_named(GROUP, groups))

    def _acknowledge(self, ids: Sequence[str], counts: Mapping[str, int]) -> list[Any]:
        """What is pending then, and the stream's groups, in one transaction."""
        pipe = self._client.pipeline(transaction=True)
        pipe.xack(STREAM_KEY, GROUP, *ids)
        for name, count in counts.items():
            pipe.hincrby(COUNTERS_KEY, name, count)
        pipe.xpending(STREAM_KEY, GROUP)
        pipe.xinfo_groups(STREAM_KEY)
        return pipe.execute(raise_on_error=False)[-2:]

    def survived(self, ids: Sequence[str]) -> None:
        with answering():
            self._takeover.survived(ids)

    def keep_alive(self) -> None:
        with answering():
            self._takeover.announce()
            self._remember()

    def backlog(self) -> int:
        with answering():
            position = self._position()
            return 0 if position is None else position.unread() + position.pending

    def waiting(self) -> Iterator[list[Delivery]]:
        """All that the stream holds, without reading it as a consumer: for a dry run."""
        after = "-"
        while True:
            with answering():
                raw: Any = self._client.xrange(STREAM_KEY, after, count=_STEP)
            if not raw:
                return
            yield _deliveries([(STREAM_KEY, raw)])
            after = f"({raw[-1][0].decode()}"

    def drained(self) -> bool:
        """What another pipeline holds becomes ours if that one has died, which takes a while."""
        with answering():
            return self._takeover.nothing_to_come()

    def close(self) -> None:
        # A Redis that hangs is waited for once, not twice.
        if self._takeover.leave(sorted(self._in_hand, key=parse_id)):
            with suppress(UnavailableError, DatabaseError), answering():
                self._remember()

    def _read_new(self, wait: float) -> list[Delivery]:
        deliveries: list[Delivery] = []
        size = 0
        while len(deliveries) < self._batch_size and size < _BATCH_BYTES:
            count = min(_STEP, self._batch_size - len(deliveries))
            found = self._read_step(count)
            deliveries += found
            size += sum(len(delivery.content) for delivery in found)
            if len(found) < count:
                break
        if not deliveries and wait > 0:
            milliseconds = max(1, int(wait * 1000))
            raw: Any = self._client.xreadgroup(
                GROUP, self._consumer, {STREAM_KEY: ">"}, count=_STEP, block=milliseconds
            )
            deliveries = _deliveries(raw)
        return deliveries

    def _read_step(self, count: int) -> list[Delivery]:
        """The state and the entries in one transaction: what is cut between them would not show."""
        pipe = self._client.pipeline(transaction=True)
        pipe.xinfo_stream(STREAM_KEY)
        pipe.xinfo_groups(STREAM_KEY)
        pipe.xreadgroup(GROUP, self._consumer, {STREAM_KEY: ">"}, count=count)
        stream, groups, raw = pipe.execute()
        deliveries = _deliveries(raw)
        position = Position.of(stream, group_named(GROUP, groups))
        self._losses.check(position, len(deliveries))
        if position.cut_unread() and not deliveries:
            # Redis itself goes on behind what was cut only when it reads what comes after.
            self._client.xgroup_setid(
                STREAM_KEY, GROUP, position.last_id, entries_read=position.entries_added
            )
        return deliveries

    def _taken_over(self) -> list[Delivery]:
        """Entries of the dead; suspects are alone until they are acknowledged."""
        if self._suspects_in_hand and self._in_hand:
            return []
        found = self._takeover.claim(self._batch_size, busy=bool(self._in_hand))
        self._suspects_in_hand = any(each.deliveries > SUSPECT for each in found)
        return found

    def _left_behind(self) -> list[Delivery]:
        """What Redis counts as ours, and what we do not have: its answer was lost."""
        if not self._look_back:
            return []
        raw: Any = self._client.xreadgroup(GROUP, self._consumer, {STREAM_KEY: "0"})
        if gone := [identity for identity in _trimmed(raw) if identity not in self._in_hand]:
            self._client.xack(STREAM_KEY, GROUP, *gone)
            self._losses.trimmed_while_pending(gone)
        self._look_back = False
        return [each for each in _deliveries(raw) if each.id not in self._in_hand]

    def _remember(self) -> None:
        position = self._position()
        if position is not None:
            self._losses.remember(position)

    def _position(self) -> Position | None:
        if not self._client.exists(STREAM_KEY):
            return None
        stream: Any = self._client.xinfo_stream(STREAM_KEY)
        groups: Any = self._client.xinfo_groups(STREAM_KEY)
        try:
            return Position.of(stream, group_named(GROUP, groups))
        except NoGroupError:
            return None

    def _trim_after_the_dead(self) -> None:
        """Somebody may have acknowledged and died before the trim, and nothing come since."""
        pipe = self._client.pipeline(transaction=True)
        pipe.xpending(STREAM_KEY, GROUP)
        pipe.xinfo_groups(STREAM_KEY)
        pending, groups = pipe.execute()
        self._trim(pending, group_named(GROUP, groups))

    def _trim(self, pending: Mapping[str, Any], group: Mapping[str, Any]) -> None:
        """Up to the oldest entry that somebody has not acknowledged, or has not read."""
        if pending["pending"]:
            until = pending["min"].decode()
        else:
            until = following(group["last-delivered-id"].decode())
        self._client.xtrim(STREAM_KEY, minid=until, approximate=False)

    def _ensure_group(self) -> None:
        """From the first entry on, never from the newest; what was cut before is not ours."""
        there = self._client.exists(STREAM_KEY)
        stream: Any = self._client.xinfo_stream(STREAM_KEY) if there else {}
        groups: Any = self._client.xinfo_groups(STREAM_KEY) if there else []
        if any(group["name"] == GROUP.encode() for group in groups):
            return
        first = stream.get("first-entry")
        self._losses.group_is_gone(first[0].decode() if first else "")
        cut = int(stream.get("entries-added", 0)) - int(stream.get("length", 0))
        try:
            self._client.xgroup_create(STREAM_KEY, GROUP, "0", mkstream=True, entries_read=cut)
        except redis.ResponseError as error:
            # Another pipeline was quicker.
            if not str(error).startswith("BUSYGROUP"):
                raise

    def _check_policy(self) -> None:
        """Redis must refuse when it is full, and never make room by deleting the stream."""
        memory: Any = self._client.info("memory")
        policy = memory.get("maxmemory_policy", "noeviction")
        if memory.get("maxmemory") and policy != "noeviction":
            raise ConflictError(
                f"Redis' maxmemory-policy is {policy}: it could delete entries that nobody has "
                "read. Set it to noeviction."
            )

    def _check_other_reader(self) -> None:
        if self._client.exists(HTTP_READER_KEY):
            raise ConflictError(
                "A log pipeline reads this site's log over HTTP (/logs_api). Only one kind may: "
                f"stop it and delete the Redis key {HTTP_READER_KEY}, or wait for an hour."
            )


def _deliveries(raw: Any) -> list[Delivery]:
    """redis-py's list of streams; an entry without our field is an undecodable one."""
    return [
        Delivery(identity.decode(), identity.decode(), fields.get(_FIELD, b""))
        for _, entries in raw or ()
        for identity, fields in entries
        if fields
    ]


def _trimmed(raw: Any) -> list[str]:
    """Pending, but the stream has them no more: redis-py gives no fields then."""
    return [identity.decode() for _, entries in raw for identity, fields in entries if not fields]
