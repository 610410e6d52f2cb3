"""One file of log entries on their way to Redis: JSON lines below a header of fixed size.

Its owner holds a lock on it. The header tells how far the file is drained, so that any
process can count the lines that are left.
"""

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import orjson

from predictions.brief_io import pwrite

HEADER_BYTES: Final = 64
# One piece of draining: a few milliseconds of Redis, so that requests beside it are not held up.
_READ_BYTES: Final = 250_000
# A file that is never empty, because requests keep coming, is cut from this on.
_CUT_BYTES: Final = 2_000_000


def _header(drained_to: int) -> bytes:
    return orjson.dumps({"drained_to": drained_to}).ljust(HEADER_BYTES - 1) + b"\n"


def read_header(head: bytes) -> int:
    """Where the lines that are left begin: at the first one where the header is not whole."""
    try:
        return max(int(orjson.loads(head[:HEADER_BYTES])["drained_to"]), HEADER_BYTES)
    except (ValueError, KeyError, TypeError):
        return HEADER_BYTES


class SpoolFile:
    """An open, locked file. Threads may append while one of them, holding ``draining``, drains.

    The lock (flock) goes with the process, so that a killed worker's file is free for
    the next one. Lines are never rewritten; a write that the disk cuts short is undone.

    ``torn``: the line that a kill cut short, no longer in the file; empty where there was none.
    """

    def __init__(self, path: Path, descriptor: int, max_bytes: int) -> None:
        self.path = path
        self.owner = os.getpid()
        self.draining = threading.Lock()
        self._descriptor = descriptor
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._size = max(os.fstat(descriptor).st_size, HEADER_BYTES)
        drained_to = read_header(os.pread(descriptor, HEADER_BYTES, 0))
        # Killed between the cut and the header: everything was drained.
        self._drained_to = drained_to if drained_to <= self._size else HEADER_BYTES
        self.torn = self._take_torn_line()
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
    def bytes_left(self) -> int:
        return self._size - self._drained_to

    def append(self, entry: bytes) -> bool:
        """Whether the entry is in the file; if not, the file is as it was."""
        line = entry + b"\n"
        with self._lock:
            if self._size + len(line) > self._max_bytes or not self._write_line(line):
                return False
            self._size += len(line)
        return True

    def read(self, size: int = _READ_BYTES) -> tuple[list[bytes], int]:
        """The next whole lines, about ``size`` bytes of them, and how many bytes they are."""
        start, end = self._drained_to, self._size
        while True:
            chunk = os.pread(self._descriptor, min(size, end - start), start)
            whole = chunk[: chunk.rfind(b"\n") + 1]
            if whole or start + len(chunk) >= end:
                return whole.splitlines(), len(whole)
            # One line is longer than the chunk.
            size *= 2

    def drained(self, size: int) -> None:
        """Keep the progress, so many bytes; a file without lines shrinks to its header."""
        with self._lock:
            self._drained_to += size
            if not self.bytes_left:
                os.ftruncate(self._descriptor, HEADER_BYTES)
                self._size = self._drained_to = HEADER_BYTES
            elif self._drained_to >= max(_CUT_BYTES, self._size // 2) and self._cut():
                return
            self._write_header()

    def remove_if_empty(self) -> None:
        with self._lock:
            if not self.bytes_left:
                self.path.unlink(missing_ok=True)
                self._cut_path.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the file up: the next worker may take it."""
        os.close(self._descriptor)

    def _write_line(self, line: bytes) -> bool:
        with suppress(OSError):
            if pwrite(self._descriptor, line, self._size) == len(line):
                return True
        with suppress(OSError):
            os.ftruncate(self._descriptor, self._size)
        return False

    def _write_header(self) -> None:
        # On a full disk the old header stays: some entries are then drained twice.
        with suppress(OSError):
            pwrite(self._descriptor, _header(self._drained_to), 0)

    def _cut(self) -> bool:
        """Put a file with only the lines that are left in this one's place, in one step."""
        try:
            descriptor = self._copy_what_is_left()
        except OSError:
            # The disk is full: the file stays as long as it is.
            return False
        os.close(self._descriptor)
        self._descriptor = descriptor
        self._size, self._drained_to = HEADER_BYTES + self.bytes_left, HEADER_BYTES
        return True

    def _copy_what_is_left(self) -> int:
        """In pieces: after an outage it may be more than the whole process has in memory."""
        descriptor = os.open(self._cut_path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            written = os.pwrite(descriptor, _header(HEADER_BYTES), 0)
            for start in range(self._drained_to, self._size, _READ_BYTES):
                piece = os.pread(self._descriptor, min(_READ_BYTES, self._size - start), start)
                written += os.pwrite(descriptor, piece, written)
            if written != HEADER_BYTES + self.bytes_left:
                raise OSError("short write")
            self._cut_path.rename(self.path)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    @property
    def _cut_path(self) -> Path:
        # Not named as a file of the spool is, so that no other process takes it for one.
        return self.path.with_suffix(".cut")

    def _take_torn_line(self) -> bytes:
        """What follows the last end of a line."""
        if not self.bytes_left or os.pread(self._descriptor, 1, self._size - 1) == b"\n":
            return b""
        size, tail = 0, b""
        while size < self.bytes_left and b"\n" not in tail:
            size = min(size + _READ_BYTES, self.bytes_left)
            tail = os.pread(self._descriptor, size, self._size - size)
        torn = tail[tail.rfind(b"\n") + 1 :]
        self._size -= len(torn)
        os.ftruncate(self._descriptor, self._size)
        return torn
