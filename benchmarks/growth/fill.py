"""Redis, filled with as many real entries as wanted, and what is in it."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

import redis

from benchmarks.pipeline.entries import entries
from benchmarks.services import wait_until
from benchmarks.stream import entries_in
from predictions.log.transaction_log import LIST_KEY, STREAM_FIELD, STREAM_KEY

_PIECE: Final = 1000
_WRITING: Final = (
    "aof_rewrite_in_progress",
    "aof_rewrite_scheduled",
    "aof_pending_rewrite",
    "aof_pending_bio_fsync",
)


def fill_window(client: redis.Redis, count: int) -> None:
    """The LIST; the newest is the first, as the site leaves it."""
    _fill(client, entries(count), lambda pipe, entry: pipe.lpush(LIST_KEY, entry))
    _settle(client)


def fill_stream(client: redis.Redis, count: int, seed: int) -> None:
    """The STREAM, from where it ends; another ``seed`` gives other transactions."""
    _fill(
        client,
        entries(count, seed),
        lambda pipe, entry: pipe.xadd(STREAM_KEY, {STREAM_FIELD: entry}),
    )
    _settle(client)


def transactions_in(client: redis.Redis) -> set[str]:
    """The ids of all that the STREAM holds."""
    return {entry["data"]["transaction_id"] for entry in entries_in(client)}


def _fill(
    client: redis.Redis,
    source: Iterator[bytes],
    add: Callable[[Any, bytes], object],
) -> None:
    while piece := list(islice(source, _PIECE)):
        pipe = client.pipeline(transaction=False)
        for entry in piece:
            add(pipe, entry)
        pipe.execute()


def _settle(client: redis.Redis) -> None:
    """After so much at once, Valkey still writes its file, or makes it shorter."""
    wait_until(lambda: not any(_writing(client)))


def _writing(client: redis.Redis) -> list[int]:
    state: Any = client.info("persistence")
    return [int(state[name]) for name in _WRITING]
