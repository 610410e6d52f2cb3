"""A Redis stream and those who read it, for the tests of the sources."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from django.db import OperationalError, connection

from logpipeline.sources.losses import Losses
from logpipeline.sources.redis_source import RedisSource
from logpipeline.sources.source import Delivery
from logpipeline.sources.takeover import ALIVE_KEY
from predictions.log.transaction_log import GROUP, STREAM_FIELD, STREAM_KEY
from tests.conftest import Valkey
from tests.predictions.logs import Clock


class Stream:
    """The stream of one Valkey. Readers are known by their names."""

    def __init__(self, valkey: Valkey) -> None:
        self.valkey = valkey
        self.client = valkey.client()

    def add(self, *contents: bytes) -> list[str]:
        """As the site does; the stream ids."""
        pipe = self.client.pipeline(transaction=False)
        for each in contents:
            pipe.xadd(STREAM_KEY, {STREAM_FIELD: each})
        return [identity.decode() for identity in pipe.execute()]

    def add_many(self, count: int) -> list[str]:
        return self.add(*[str(number).encode() for number in range(count)])

    def source(self, name: str = "a", *, user: str = "", **how: Any) -> RedisSource:
        """Not opened. It dies with its test, unless it is closed."""
        given = {"batch_size": 1000, "claim_after": 30, "losses": Losses(), "clock": Clock(), **how}
        return RedisSource(self.patient_client(user), name, given.pop("losses"), **given)

    def opened(self, name: str = "a", **how: Any) -> RedisSource:
        source = self.source(name, **how)
        source.open()
        return source

    def patient_client(self, user: str = "", timeout: float = 10) -> redis.Redis:
        """As the pipeline's own."""
        named = {"username": user, "password": "p"} if user else {}
        return redis.Redis.from_url(
            self.valkey.url, socket_timeout=timeout, retry=None, protocol=2, **named
        )

    def ids(self) -> list[str]:
        """Of the entries that are left."""
        found: Any = self.client.xrange(STREAM_KEY)
        return [identity.decode() for identity, _ in found]

    def pending(self) -> dict[str, tuple[str, int]]:
        """Id -> who has it, and how often it was given out."""
        if not self.has_group():
            return {}
        found: Any = self.client.xpending_range(STREAM_KEY, GROUP, "-", "+", 10_000)
        return {
            each["message_id"].decode(): (each["consumer"].decode(), each["times_delivered"])
            for each in found
        }

    def has_group(self) -> bool:
        groups: Any = self.client.xinfo_groups(STREAM_KEY) if self.client.exists(STREAM_KEY) else []
        return bool(groups)

    def waiting(self) -> list[str]:
        """What is unread or not acknowledged."""
        if not self.has_group():
            return self.ids()
        (group,) = self.client.xinfo_groups(STREAM_KEY)
        unread: Any = self.client.xrange(STREAM_KEY, f"({group['last-delivered-id'].decode()}")
        return [*self.pending(), *(identity.decode() for identity, _ in unread)]

    def consumers(self) -> list[str]:
        found: Any = self.client.xinfo_consumers(STREAM_KEY, GROUP)
        return sorted(each["name"].decode() for each in found)

    def age(self, name: str) -> None:
        """As if that reader had had its entries for a minute."""
        theirs: list[Any] = [
            identity for identity, (owner, _) in self.pending().items() if owner == name
        ]
        if theirs:
            # JUSTID leaves the count of deliveries as it is.
            self.client.xclaim(STREAM_KEY, GROUP, name, 0, theirs, idle=60_000, justid=True)

    def bury(self, name: str) -> None:
        """As if that reader had been killed, and been silent for long enough."""
        self.client.delete(ALIVE_KEY + name)
        self.age(name)

    def cut_connections(self) -> None:
        """All but this one: whoever has one notices at its next command."""
        self.client.client_kill_filter(skipme=True)

    def allow(self, user: str, *rules: str) -> None:
        """Makes a user who may do what the rules say, all keys."""
        self.client.acl_setuser(
            user, enabled=True, passwords=["+p"], keys=["*"], commands=list(rules)
        )

    def fill(self) -> None:
        """Redis takes nothing more; only for one that is the test's own."""
        self.client.config_set("maxmemory", "1mb")

    def make_room(self) -> None:
        self.client.config_set("maxmemory", "0")


def ids(deliveries: list[Delivery]) -> list[str]:
    return [delivery.id for delivery in deliveries]


@contextmanager
def database_away() -> Iterator[None]:
    """Every statement of this thread fails; for tests with ``transaction=True``."""

    def refuse(*_: object) -> None:
        raise OperationalError("away")

    with connection.execute_wrapper(refuse):
        yield
