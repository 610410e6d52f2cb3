"""Where the consumer group stands in the stream, and what can no longer be read.

Redis 7 counts what was ever added to a stream and what the group has read of it; the
stream's length is what is left. What was neither read nor is left was cut away unread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from logpipeline.sources.source import NoGroupError


@dataclass(frozen=True, slots=True)
class Position:
    """``entries_added`` and ``entries_read`` are None on a server older than Redis 7."""

    length: int
    last_id: str
    entries_added: int | None
    entries_read: int | None
    last_delivered: str
    pending: int

    @classmethod
    def of(cls, stream: Mapping[str, Any], group: Mapping[str, Any]) -> "Position":
        """From the answers of XINFO STREAM and XINFO GROUPS."""
        return cls(
            length=int(stream["length"]),
            last_id=stream["last-generated-id"].decode(),
            entries_added=stream.get("entries-added"),
            entries_read=group.get("entries-read"),
            last_delivered=group["last-delivered-id"].decode(),
            pending=int(group["pending"]),
        )

    def cut_unread(self) -> int:
        """How many entries the safety valve, or somebody, cut away before they were read."""
        if self.entries_added is None or self.entries_read is None:
            return 0
        return max(0, self.entries_added - self.length - self.entries_read)

    def unread(self) -> int:
        """How many are left to read. ``lag`` of Redis is wrong after a trim, null after XDEL."""
        if self.entries_added is None or self.entries_read is None:
            return self.length - self.pending
        return max(0, self.entries_added - self.entries_read - self.cut_unread())


def group_named(name: str, groups: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Raises ``NoGroupError`` where it is not there."""
    for group in groups:
        if group["name"] == name.encode():
            return group
    raise NoGroupError


def as_numbers(identity: str) -> tuple[int, int]:
    """``1764000000000-3``, to be compared."""
    milliseconds, _, sequence = identity.partition("-")
    return int(milliseconds), int(sequence or 0)


def following(identity: str) -> str:
    """The next possible id."""
    milliseconds, sequence = as_numbers(identity)
    return f"{milliseconds}-{sequence + 1}"
