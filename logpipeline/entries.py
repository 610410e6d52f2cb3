"""An entry as the pipeline handles it: one transaction each, a batch's rows one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from predictions.log.entry import is_rows

# An entry of 500 rows has 300 kB; what is larger was not written by the site.
MOST_BYTES: Final = 10_000_000
_LONGEST_ID: Final = 128
# "2026-11-24T10:30:45.123456+00:00"
_USUAL_LENGTH: Final = 32
_WEEKDAYS: Final = ("1 Mon", "2 Tue", "3 Wed", "4 Thu", "5 Fri", "6 Sat", "7 Sun")


class UndecodableError(Exception):
    """The text is one word, the reason; never something of the entry."""


class Moment(NamedTuple):
    """When a transaction was answered, UTC. The last three sort by text."""

    timestamp: str
    day: str
    hour: str
    weekday: str


@dataclass(slots=True)
class LogEntry:
    """``fields`` as in docs/log-entry.md; ``raw`` the bytes it came as, None where changed.

    ``came_in``: what was delivered, which of a batch's part is more than this entry.
    """

    fields: dict[str, Any]
    raw: bytes | None
    transaction_id: str
    moment: Moment
    came_in: bytes = b""
    # The rule that ended it, where one did.
    filtered_by: str = ""

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = self.fields["data"]
        return found

    def content(self) -> bytes:
        if self.raw is not None:
            return self.raw
        try:
            return orjson.dumps(self.fields)
        except TypeError:
            # Nested deeper than is written, though not than is read.
            return self.came_in

    def mark_changed(self) -> None:
        """After a change of ``fields``: the bytes it came as are no longer true."""
        self.raw = None


def decode(content: bytes) -> list[LogEntry]:
    """One entry, or one for each row of a batch's part. Raises ``UndecodableError``."""
    if len(content) > MOST_BYTES:
        raise UndecodableError("too_large")
    try:
        fields = orjson.loads(content)
    except ValueError:
        raise UndecodableError("not_json") from None
    try:
        moment = moment_of(fields["timestamp"])
        if is_rows(fields):
            return list(_rows(fields, moment, content))
        # A line break inside would end the line of a bulk request.
        raw = content if b"\n" not in content else None
        return [LogEntry(fields, raw, _checked_id(fields["data"]), moment, content)]
    except (LookupError, TypeError, AttributeError):
        raise UndecodableError("not_an_entry") from None


def moment_of(text: str) -> Moment:
    """Raises ``UndecodableError`` where the text is not a date and time with an offset."""
    try:
        parsed = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise UndecodableError("bad_timestamp") from None
    if parsed.tzinfo is None:
        raise UndecodableError("bad_timestamp")
    if not _is_usual(text):
        try:
            text = parsed.astimezone(UTC).isoformat(timespec="microseconds")
        except OverflowError:
            raise UndecodableError("bad_timestamp") from None
    return Moment(text, *_calendar(text[:13]))


def _is_usual(text: str) -> bool:
    """As the site writes it; Python also reads weeks, commas and blanks, which others may not."""
    marks = text[4] + text[7:20:3] if len(text) == _USUAL_LENGTH else ""
    return marks == "--T::." and text.endswith("+00:00")


@lru_cache(maxsize=64)
def _calendar(hour: str) -> tuple[str, str, str]:
    """Of ``2026-11-24T10``: the index's day, the hour of the day, the weekday."""
    parsed = datetime.fromisoformat(hour)
    return f"{parsed:%Y.%m.%d}", f"{parsed:%H}", _WEEKDAYS[parsed.weekday()]


def _rows(fields: dict[str, Any], moment: Moment, content: bytes) -> Iterator[LogEntry]:
    """Each row as an entry of the usual shape; what the request was is the same for all."""
    about = {name: value for name, value in fields["data"].items() if name not in ("rows", "part")}
    for row in fields["data"]["rows"]:
        data = {
            **about,
            "transaction_id": _checked_id(row),
            "batch_id": about["batch_id"],
            "input_data": row.get("input_data"),
            "result": row.get("result"),
            "invalid_input": row.get("invalid_input", []),
            # The batch was measured as a whole: its summary has the metrics.
            "performance_metrics": None,
        }
        yield LogEntry({**fields, "data": data}, None, data["transaction_id"], moment, content)


def _checked_id(data: dict[str, Any]) -> str:
    identity = data["transaction_id"]
    if not isinstance(identity, str) or not 0 < len(identity) <= _LONGEST_ID:
        raise UndecodableError("no_transaction_id")
    return identity
