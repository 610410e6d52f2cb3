"""What the tests of the log share: entries, and a log of their own on a real Valkey."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import redis

from predictions.log.entry import Entries, as_json, timestamp
from predictions.log.process import LogProcess, assemble
from predictions.log.spool import Spool
from predictions.log.transaction_log import LIST_KEY, STREAM_KEY
from tests.conftest import Valkey

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLENTY = 100_000_000
# Longer than the site's 30 ms, which a busy test machine may need to answer at all.
SHORT = 0.3


def entry(second: int = 0, **data: Any) -> dict[str, Any]:
    """An entry that many seconds after noon."""
    return {
        "timestamp": timestamp(NOON + timedelta(seconds=second)),
        "level": "INFO",
        "message": f"entry {second}",
        "data": {"transaction_id": str(uuid4()), "status": 200, **data},
    }


def line(second: int = 0, **data: Any) -> bytes:
    return as_json(entry(second, **data))


def batch_of(parts: int, second: int = 0) -> Entries:
    """A summary and its entries of rows, three rows each."""
    return Entries(line(second), [rows_line(part, second) for part in range(parts)])


def rows_line(part: int, second: int = 0, filling: str = "") -> bytes:
    """An entry of three rows; ``filling`` makes it longer."""
    rows = [{"transaction_id": str(uuid4()), "filling": filling} for _ in range(3)]
    return as_json({**entry(second), "data": {"batch_id": "b", "part": part, "rows": rows}})


def log_on(
    valkey: Valkey,
    folder: Path,
    *,
    window: int = 1000,
    spool_bytes: int = PLENTY,
    timeout: float = 1,
) -> LogProcess:
    """A worker's log."""
    return assemble(
        redis.Redis.from_url(
            valkey.url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=None
        ),
        redis.Redis.from_url(valkey.url, socket_timeout=2, socket_connect_timeout=2, retry=None),
        Spool(folder, spool_bytes),
        window=window,
        stream_length=2_000_000,
    )


def window_of(valkey: Valkey) -> list[bytes]:
    """Newest first."""
    found: Any = valkey.client().lrange(LIST_KEY, 0, -1)
    return list(found)


def stream_of(valkey: Valkey) -> list[bytes]:
    """Oldest first."""
    found: Any = valkey.client().xrange(STREAM_KEY)
    return [fields[b"entry"] for _, fields in found]


def ids_of(lines: list[bytes]) -> list[str]:
    return [orjson.loads(each)["data"]["transaction_id"] for each in lines]


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def raising(error: type[BaseException]) -> Callable[..., Any]:
    """A function that fails as told."""

    def fail(*args: object, **kwargs: object) -> Any:
        raise error

    return fail
