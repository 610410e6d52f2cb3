"""Reads the transaction log: the window page by page, the stream from an id on."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson
import redis

from predictions.log.transaction_log import GROUP, LIST_KEY, STREAM_FIELD, STREAM_KEY

# One reply's size: a window's entry has about 2 kB, a stream's entry of 500 rows 300 kB.
_WINDOW_STEP: Final = 500
_STREAM_STEP: Final = 20
STREAM_PAGE_BYTES: Final = 8_000_000
_UNDECODABLE_LENGTH: Final = 10_000
# Set while a pipeline on another host reads over HTTP, so that none reads from Redis beside it.
HTTP_READER_KEY: Final = "api_logs:http_reader"
_HTTP_READER_SECONDS: Final = 3600

StreamId = tuple[int, int]


class LogUnavailableError(Exception):
    """Redis does not answer."""


class UnknownStreamIdError(Exception):
    """An id that the stream never gave out."""


class PipelineReadsError(Exception):
    """The consumer group reads the stream, so only the pipeline may trim it."""


@dataclass(frozen=True, slots=True)
class WindowPage:
    """``total`` counts the entries that fit the filter, on all pages."""

    entries: list[dict[str, Any]]
    total: int


@dataclass(frozen=True, slots=True)
class StreamPage:
    """``following`` is the id to go on from: the last one read, or the one given."""

    entries: list[dict[str, Any]]
    following: str
    length: int


@dataclass(frozen=True, slots=True)
class StreamState:
    """``pending``: given to the pipeline and not yet acknowledged."""

    length: int
    pending: int


def parse_id(text: str) -> StreamId:
    """``1764000000000-3`` as numbers; the part after the dash may be missing. ValueError if not."""
    milliseconds, _, sequence = text.partition("-")
    parts = (milliseconds, sequence or "0")
    if not all(part.isascii() and part.isdecimal() and len(part) <= 20 for part in parts):
        raise ValueError("not a stream id")
    numbers = int(parts[0]), int(parts[1])
    if max(numbers) >= 2**64:
        raise ValueError("not a stream id")
    return numbers


def format_id(identity: StreamId) -> str:
    return f"{identity[0]}-{identity[1]}"


class LogReader:
    """Every method raises LogUnavailableError where Redis does not answer."""

    def __init__(self, client: redis.Redis, patient: redis.Redis) -> None:
        """``client`` asks with the requests' short timeout, ``patient`` reads."""
        self._client = client
        self._patient = patient

    def window(self, limit: int, offset: int, level: str | None = None) -> WindowPage:
        """Newest first, ``level`` only if given."""
        with self._answering():
            if level is not None:
                return self._of_level(level, range(offset, offset + limit))
            raw: Any = self._patient.lrange(LIST_KEY, offset, offset + limit - 1)
            total: Any = self._patient.llen(LIST_KEY)
            return WindowPage(list(_decoded(raw)), int(total))

    def entries(self) -> Iterator[dict[str, Any]]:
        """The whole window, newest first, read piece by piece: it may not fit into memory."""
        with self._answering():
            yield from self._read()

    def clear(self) -> int:
        """Empty the window, never the stream; how many entries it held."""
        with self._answering(), self._patient.pipeline(transaction=True) as pipe:
            pipe.llen(LIST_KEY)
            pipe.delete(LIST_KEY)
            return int(pipe.execute()[0])

    def stream_state(self) -> StreamState:
        with self._answering():
            length: Any = self._patient.xlen(STREAM_KEY)
            return StreamState(int(length), sum(int(group["pending"]) for group in self._groups()))

    def after(self, identity: str, limit: int) -> StreamPage:
        """The stream's entries after ``identity``, at most ``limit`` and about 8 MB of them."""
        with self._answering():
            entries: list[dict[str, Any]] = []
            size = 0
            while len(entries) < limit and size < STREAM_PAGE_BYTES:
                count = min(_STREAM_STEP, limit - len(entries))
                raw: Any = self._patient.xrange(STREAM_KEY, f"({identity}", "+", count)
                entries += [_stream_entry(key, fields) for key, fields in raw]
                size += sum(len(fields.get(STREAM_FIELD.encode(), b"")) for _, fields in raw)
                identity = entries[-1]["id"] if raw else identity
                if len(raw) < count:
                    break
            length: Any = self._patient.xlen(STREAM_KEY)
            return StreamPage(entries, identity, int(length))

    def acknowledge(self, identity: StreamId) -> int:
        """Trim the stream up to and with ``identity``; how many entries went. May be repeated."""
        with self._answering():
            if any(group["consumers"] for group in self._groups()):
                raise PipelineReadsError
            if not self._was_given(identity):
                raise UnknownStreamIdError
            following = format_id((identity[0], identity[1] + 1))
            trimmed: Any = self._patient.xtrim(STREAM_KEY, minid=following, approximate=False)
            # A Redis that is full takes it as soon as acknowledging has made room.
            with suppress(redis.OutOfMemoryError):
                self._patient.set(HTTP_READER_KEY, format_id(identity), ex=_HTTP_READER_SECONDS)
            return int(trimmed)

    def _was_given(self, identity: StreamId) -> bool:
        if not self._patient.exists(STREAM_KEY):
            return False
        about: Any = self._patient.xinfo_stream(STREAM_KEY)
        if identity > parse_id(about["last-generated-id"].decode()):
            return False
        first = about["first-entry"]
        if first is None or identity < parse_id(first[0].decode()):
            # Acknowledged before, and trimmed.
            return True
        found: Any = self._patient.xrange(STREAM_KEY, format_id(identity), format_id(identity))
        return bool(found)

    def _groups(self) -> list[dict[str, Any]]:
        if not self._patient.exists(STREAM_KEY):
            return []
        groups: Any = self._patient.xinfo_groups(STREAM_KEY)
        return [group for group in groups if group["name"] == GROUP.encode()]

    def _of_level(self, level: str, places: range) -> WindowPage:
        entries: list[dict[str, Any]] = []
        total = 0
        for entry in self._read():
            if entry.get("level") == level:
                if total in places:
                    entries.append(entry)
                total += 1
        return WindowPage(entries, total)

    def _read(self) -> Iterator[dict[str, Any]]:
        start = 0
        while True:
            raw: Any = self._patient.lrange(LIST_KEY, start, start + _WINDOW_STEP - 1)
            yield from _decoded(raw)
            if len(raw) < _WINDOW_STEP:
                return
            start += _WINDOW_STEP

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            # With the short timeout, so that a hanging Redis does not hold this worker up.
            self._client.ping()
            yield
        except (redis.RedisError, OSError) as error:
            raise LogUnavailableError(type(error).__name__) from None


def _decoded(raw: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """What is not an entry of ours (somebody else's push) is passed over."""
    for line in raw:
        with suppress(ValueError):
            entry = orjson.loads(line)
            if isinstance(entry, dict):
                yield entry


def _stream_entry(key: bytes, fields: Mapping[bytes, bytes]) -> dict[str, Any]:
    """``entry`` is null where it cannot be decoded: it still has to be acknowledged."""
    content = fields.get(STREAM_FIELD.encode(), b"")
    try:
        return {"id": key.decode(), "entry": orjson.loads(content)}
    except ValueError:
        shown = content[:_UNDECODABLE_LENGTH].decode(errors="replace")
        return {"id": key.decode(), "entry": None, "undecodable": shown}
