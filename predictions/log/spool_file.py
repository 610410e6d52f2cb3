"""One file of waiting log entries: JSON lines below a header of fixed size, locked by its owner.

The header tells how far the file is drained and how many entries wait, so that any
process can read the count without reading the lines.
"""

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import orjson

HEADER_BYTES: Final = 64
# One piece of draining: a few milliseconds of Redis, so that requests beside it are not held up.
_READ_BYTES: Final = 250_000


def _header(drained_to: int, waiting: int) -> bytes:
    fields = orjson.dumps({"drained_to": drained_to, "waiting": waiting})
    return fields.ljust(HEADER_BYTES - 1) + b"\n"


def read_header(head: bytes) -> tuple[int, int]:
    """(drained_to, waiting); a file whose header is not whole is drained from its start."""
    try:
        fields = orjson.loads(head[:HEADER_BYTES])
        return max(int(fields["drained_to"]), HEADER_BYTES), int(fields["waiting"])
    except (ValueError, KeyError, TypeError):
        return HEADER_BYTES, 0


class SpoolFile:
    """An open, locked file. Threads may append while one of them drains.

    The lock (flock) goes with the process, so that a killed worker's file is free for
    the next one. Lines are never rewritten; a write that the disk cuts short is undone.
    """

    def __init__(self, path: Path, descriptor: int, max_bytes: int) -> None:
        self.path = path
        self.owner = os.getpid()
        self._descriptor = descriptor
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._size = max(os.fstat(descriptor).st_size, HEADER_BYTES)
        drained_to, waiting = read_header(os.pread(descriptor, HEADER_BYTES, 0))
        # Killed between the cut and the header: everything was drained.
        self._drained_to = drained_to if drained_to <= self._size else HEADER_BYTES
        self._complete_torn_line()
        left = self._size > self._drained_to
        # Killed between a line and the header: the line counts all the same.
        self._waiting = max(waiting, 1) if left else 0
        self._write_header()

    @classmethod
    def take(cls, path: Path, max_bytes: int, *, create: bool = False) -> Self | None:
        """The file, if nobody else holds it and it is still there."""
        flags = os.O_RDWR | (os.O_CREAT if create else 0)
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it before may have drained and removed it.
            if os.fstat(descriptor).st_nlink > 0:
                return cls(path, descriptor, max_bytes)
        except BlockingIOError:
            pass
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None

    @property
    def waiting(self) -> int:
        return self._waiting

    def append(self, entry: bytes) -> bool:
        """Whether the entry is in the file; if not, the file is as it was."""
        line = entry + b"\n"
        with self._lock:
            if self._size + len(line) > self._max_bytes or not self._write_line(line):
                return False
            self._size += len(line)
            self._waiting += 1
            self._write_header()
        return True

    def read(self, size: int = _READ_BYTES) -> tuple[list[bytes], int]:
        """The next whole lines, about ``size`` bytes of them, and where they end."""
        start, end = self._drained_to, self._size
        while True:
            chunk = os.pread(self._descriptor, min(size, end - start), start)
            whole = chunk[: chunk.rfind(b"\n") + 1]
            if whole or start + len(chunk) >= end:
                return whole.splitlines(), start + len(whole)
            # One line is longer than the chunk.
            size *= 2

    def drained(self, up_to: int, entries: int) -> None:
        """Keep the progress; a file without waiting lines shrinks to its header."""
        with self._lock:
            self._drained_to = up_to
            self._waiting = max(self._waiting - entries, 0)
            if self._drained_to >= self._size:
                os.ftruncate(self._descriptor, HEADER_BYTES)
                self._size = self._drained_to = HEADER_BYTES
                self._waiting = 0
            self._write_header()

    def remove_if_empty(self) -> None:
        with self._lock:
            if self._size == HEADER_BYTES:
                self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the file up: the next worker may take it."""
        os.close(self._descriptor)

    def _write_line(self, line: bytes) -> bool:
        with suppress(OSError):
            if os.pwrite(self._descriptor, line, self._size) == len(line):
                return True
        with suppress(OSError):
            os.ftruncate(self._descriptor, self._size)
        return False

    def _write_header(self) -> None:
        # On a full disk the old header stays: some entries are then drained twice.
        with suppress(OSError):
            os.pwrite(self._descriptor, _header(self._drained_to, self._waiting), 0)

    def _complete_torn_line(self) -> None:
        """End a line that a kill cut short, so that the next one does not run into it."""
        if self._size > HEADER_BYTES and os.pread(self._descriptor, 1, self._size - 1) != b"\n":
            self._size += os.pwrite(self._descriptor, b"\n", self._size)
