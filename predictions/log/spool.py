"""Where every log entry is before its answer, and waits while Redis is away: one file a worker.

A worker appends to its own file, taken over from a killed worker where there is one. The
files are bounded: what neither fits nor Redis takes at once is dropped, and its id recorded in
the file ``dropped``.
"""

import logging
import os
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import orjson

from predictions.log.entry import ids_in, timestamp
from predictions.log.spool_file import HEADER_BYTES, SpoolFile, read_header

# "2026-11-23T10:30:45.123456+00:00 <36 characters of id>\n"
DROPPED_RECORD_BYTES: Final = 32 + 1 + 36 + 1
# Longer than any entry takes to reach a Redis that answers.
ON_ITS_WAY: Final = timedelta(seconds=1)
_SUFFIX: Final = ".jsonl"
# An entry's first bytes, its timestamp follows.
_BEGINNING: Final = b'{"timestamp":"'

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SpoolState:
    """Over all workers: entries waiting for Redis, transactions lost to a full spool.

    What was written within the last second is on its way and does not count as waiting.
    """

    waiting: int
    dropped: int


class Spool:
    """One process's view of the folder. ``append`` and ``drop`` never raise."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        # Transactions lost whose record was lost as well: the disk is full.
        self.unrecorded = 0
        self._max_bytes = max_bytes
        self._own: SpoolFile | None = None
        self._dropping = False
        self._unusable: set[Path] = set()
        self._opening = threading.Lock()

    def append(self, entries: Sequence[bytes]) -> list[bytes]:
        """Keep the entries; back come those that do not fit or cannot be written."""
        try:
            own = self._own_file()
            refused = [entry for entry in entries if not own.append(entry)]
        except OSError:
            return list(entries)
        if not refused:
            self._dropping = False
        return refused

    def drop(self, entries: Sequence[bytes]) -> None:
        """Record the ids of entries that nobody has taken."""
        records = b"".join(_dropped_records(entry) for entry in entries)
        count = len(records) // DROPPED_RECORD_BYTES
        try:
            _append(self._dropped_path, records)
        except OSError:
            self.unrecorded += count
        if not self._dropping:
            # Once, and not for every request of an outage.
            logger.error("Log entries are dropped: Redis is away and the spool takes no more")
        self._dropping = True

    def state(self) -> SpoolState:
        """Counted in the files, so that any process can tell."""
        return SpoolState(self.waiting(ON_ITS_WAY), self.dropped())

    def dropped(self) -> int:
        """Transactions lost, by their records and those that could not be recorded."""
        try:
            recorded = self._dropped_path.stat().st_size // DROPPED_RECORD_BYTES
        except OSError:
            recorded = 0
        return recorded + self.unrecorded

    def waiting(self, longer_than: timedelta = timedelta(0)) -> int:
        """The entries of the files whose oldest one waits for that long."""
        waiting = 0
        since = timestamp(datetime.now(UTC) - longer_than)
        for path in self._paths():
            with suppress(OSError):
                waiting += _waiting_in(path, since)
        return waiting

    @contextmanager
    def _released(self, file: SpoolFile) -> Iterator[SpoolFile]:
        try:
            yield file
            file.remove_if_empty()
        finally:
            file.close()

    @property
    def own(self) -> SpoolFile | None:
        """This worker's file, once it has needed one."""
        own = self._own
        return own if own is not None and own.owner == os.getpid() else None

    def left_behind(self) -> Generator[SpoolFile, None, None]:
        """The files of killed workers, each locked until the next one."""
        own = self.own
        for path in self._paths():
            if own is not None and path == own.path:
                continue
            orphan = self._orphan(path)
            if orphan is not None:
                with self._released(orphan):
                    yield orphan

    @property
    def _dropped_path(self) -> Path:
        return self.folder / "dropped"

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{_SUFFIX}"))

    def _own_file(self) -> SpoolFile:
        own = self.own
        if own is None:
            with self._opening:
                # Another thread may have been quicker. After a fork the file is the parent's.
                own = self._own = self.own or self._open()
        return own

    def _open(self) -> SpoolFile:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._paths():
            orphan = self._orphan(path)
            if orphan is not None:
                return orphan
        while True:
            path = self.folder / f"{uuid4().hex}{_SUFFIX}"
            # Another worker's thread may take the new file for an orphan before it is locked.
            created = SpoolFile.take(path, self._max_bytes, create=True)
            if created is not None:
                return created

    def _orphan(self, path: Path) -> SpoolFile | None:
        try:
            orphan = SpoolFile.take(path, self._max_bytes)
            if orphan is not None and orphan.torn:
                # Its client had no answer; a person may want to look at it.
                _append(self.folder / "torn", orphan.torn + b"\n")
            return orphan
        except OSError as error:
            # Such as another user's: it must not keep this worker from its own.
            if path not in self._unusable:
                self._unusable.add(path)
                logger.error("%s cannot be drained: %s", path.name, type(error).__name__)
            return None


def _waiting_in(path: Path, since: str) -> int:
    """The lines that are left, none where the oldest of them is younger than ``since``."""
    with path.open("rb") as file:
        file.seek(read_header(file.read(HEADER_BYTES)))
        oldest = file.readline()
        if not oldest or (oldest.startswith(_BEGINNING) and oldest > _BEGINNING + since.encode()):
            return 0
        return 1 + sum(1 for _ in file)


def _append(path: Path, content: bytes) -> None:
    """In one write, so that several processes may append to the file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.write(descriptor, content) != len(content):
            raise OSError("short write")
    finally:
        os.close(descriptor)


def _dropped_records(entry: bytes) -> bytes:
    fields = orjson.loads(entry)
    lost = (f"{fields['timestamp']} {identity:36.36}\n" for identity in ids_in(fields))
    return "".join(lost).encode()
