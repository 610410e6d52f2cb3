"""What every source of entries offers the pipeline, and how it fails."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class UnavailableError(Exception):
    """The source does not answer now; the text says who and where, without health data."""


class CredentialsError(UnavailableError):
    """It refuses ours: tried again for a while, then the pipeline ends."""


class NoGroupError(UnavailableError):
    """The Redis stream or its consumer group is gone."""

    def __init__(self) -> None:
        super().__init__("Redis has no stream or no consumer group.")


class ConflictError(Exception):
    """It must not be read at all; the text says why. The pipeline ends at once."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One entry as it came.

    ``id`` is the source's own handle, ``stream_id`` the entry's place in the Redis stream.
    ``deliveries`` counts how often it was given out and its receiver died soon after.
    ``only`` limits it to one index: a dead letter whose other documents are stored.
    """

    id: str
    stream_id: str
    content: bytes
    deliveries: int = 1
    only: str = ""


class Source(Protocol):
    """Every method but ``close`` may raise ``UnavailableError`` or ``ConflictError``."""

    name: str
    # How many batches may be under way at once.
    most_in_flight: int

    def open(self) -> None:
        """Make ready; may be repeated."""

    def read(self, wait: float) -> list[Delivery]:
        """The next entries; [] where none came within ``wait`` seconds."""

    def acknowledge(
        self, ids: Sequence[str], dead: Collection[str], counts: Mapping[str, int]
    ) -> None:
        """All that ``ids`` hold has ended; ``dead`` are the keys of the dead letters made of it."""

    def survived(self, ids: Sequence[str]) -> None:
        """Their receiver lives, or ends in order: they are not what kills it."""

    def keep_alive(self) -> None:
        """Called every second or so, whatever else happens."""

    def backlog(self) -> int:
        """How many entries are left to read or to acknowledge."""

    def drained(self) -> bool:
        """After a read that gave nothing: whether nothing more will come of what is there."""

    def close(self) -> None:
        """Give back what was taken and not acknowledged. Never raises."""
