"""What the site has left in the log's stream."""

from collections.abc import Iterator
from typing import Any, Final

import orjson
import redis

from predictions.log.transaction_log import STREAM_FIELD, STREAM_KEY

_PIECE: Final = 1000


def entries_in(client: redis.Redis) -> Iterator[dict[str, Any]]:
    """All entries, the oldest first, read piece by piece."""
    last = "-"
    while piece := _piece(client, last):
        for identity, fields in piece:
            yield orjson.loads(fields[STREAM_FIELD.encode()])
            last = f"({identity.decode()}"


def _piece(client: redis.Redis, first: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
    found: Any = client.xrange(STREAM_KEY, min=first, count=_PIECE)
    return list(found)
