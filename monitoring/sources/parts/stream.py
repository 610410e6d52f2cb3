"""Redis, and where the pipeline stands in its stream."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import redis
from django.conf import settings
from django.utils.translation import gettext as _

from logpipeline.sources.source import NoGroupError
from logpipeline.sources.stream_position import Position, as_numbers, group_named
from monitoring.period import milliseconds
from monitoring.sources.parts.part import Asked, Part
from predictions.log.reader import HTTP_READER_KEY
from predictions.log.transaction_log import GROUP, LIST_KEY, STREAM_KEY

# Twice, as it is asked twice, and still in time for the page.
_TIMEOUT_S: Final = 0.9


def ask_redis(now: datetime) -> Asked:
    """Never raises what redis-py does."""
    if not settings.LOG_TO_REDIS:
        return Asked(Part(None, _("Transactions are not logged here (LOG_TO_REDIS is off).")))
    try:
        figures = _figures(_client(settings.REDIS_URL), now)
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError):
        return Asked(Part(False, _("Redis refuses the credentials of REDIS_URL.")))
    except redis.TimeoutError:
        return Asked(Part(False, _("Redis does not answer in time.")))
    except (redis.RedisError, OSError) as error:
        return Asked(
            Part(False, _("Redis does not answer (%(error)s).") % {"error": type(error).__name__})
        )
    sentence = _("Redis answers: %(window)s entries in the window, %(stream)s in the stream.")
    said = sentence % {"window": figures["window_length"], "stream": figures["stream_length"]}
    return Asked(Part(True, said), figures)


def _figures(client: redis.Redis, now: datetime) -> dict[str, Any]:
    pipe = client.pipeline(transaction=False)
    pipe.llen(LIST_KEY)
    pipe.exists(STREAM_KEY)
    pipe.exists(HTTP_READER_KEY)
    window, has_stream, read_over_http = pipe.execute()
    figures = {"window_length": window, "read_over_http": bool(read_over_http)}
    if not has_stream:
        return figures | {"stream_length": 0, "pending": 0, "unread": 0, "lag_seconds": 0.0}
    return figures | _of_stream(client, now, awaited=bool(read_over_http or settings.ES_URL))


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S, retry=None, protocol=2
    )


def _of_stream(client: redis.Redis, now: datetime, *, awaited: bool) -> dict[str, Any]:
    """``awaited``: a pipeline without a group of its own, or one to come, is to read it."""
    pipe = client.pipeline(transaction=True)
    pipe.xinfo_stream(STREAM_KEY)
    pipe.xinfo_groups(STREAM_KEY)
    stream, groups = pipe.execute()
    try:
        position = Position.of(stream, group_named(GROUP, groups))
    except NoGroupError:
        length, first = int(stream["length"]), stream["first-entry"]
        age = _age(first[0].decode() if first else None, now)
        lag = age if awaited else None
        return {"stream_length": length, "pending": 0, "unread": length, "lag_seconds": lag}
    return {
        "stream_length": position.length,
        "pending": position.pending,
        "unread": position.unread(),
        "lag_seconds": _age(_oldest_unacknowledged(client, position), now),
    }


def _oldest_unacknowledged(client: redis.Redis, position: Position) -> str | None:
    """The least id that is pending, or else the first one after the last that was read."""
    pipe = client.pipeline(transaction=True)
    pipe.xpending(STREAM_KEY, GROUP)
    pipe.xrange(STREAM_KEY, f"({position.last_delivered}", "+", 1)
    pending, unread = pipe.execute()
    if pending["pending"]:
        return str(pending["min"].decode())
    return str(unread[0][0].decode()) if unread else None


def _age(identity: str | None, now: datetime) -> float:
    """In seconds: a stream's id begins with Redis' time in milliseconds."""
    if identity is None:
        return 0.0
    return max(0.0, (milliseconds(now) - as_numbers(identity)[0]) / 1000)
