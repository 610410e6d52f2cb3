"""Which of a site's metric files are this process's.

A process counts in files of its own; who answers /metrics adds up all files. Named by process
id, as prometheus_client does it, a file would stay for each worker that ever lived. So a process
takes the first number that no living process holds: a worker that is started in a dead one's
place goes on counting in the files that it left.
"""

import fcntl
import os
from itertools import count
from pathlib import Path
from typing import Final

# Room for every series that the labels allow. Taken at once: a mapped file that has to grow on
# a full disk kills the process that writes to it (SIGBUS).
_BYTES: Final = {"counter": 1 << 18, "histogram": 1 << 20}


class Slots:
    """One process's number, held until it ends, whatever ends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number: int | None = None
        # A fork shares the parent's lock; the child needs a number of its own. Asking for the
        # process id instead, at each of a request's ten counts, is a system call each.
        os.register_at_fork(after_in_child=self._forget)

    def number(self) -> int:
        """The same for as long as the process lives. Raises ``OSError``."""
        if self._number is None:
            self._number = self._take()
        return self._number

    def _forget(self) -> None:
        self._number = None

    def _take(self) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = next(number for number in count() if self._locks(number))
        for kind, size in _BYTES.items():
            _reserve(self.folder / f"{kind}_{number}.db", size)
        return number

    def _locks(self, number: int) -> bool:
        # Never closed: the lock is held until the process ends.
        lock = os.open(self.folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        return True


def clear(folder: Path) -> None:
    """Forgets what was counted. Before the site's processes start, never beside them."""
    for path in (*folder.glob("*.db"), *folder.glob("*.lock")):
        path.unlink(missing_ok=True)


def _reserve(path: Path, size: int) -> None:
    with path.open("ab") as file:
        if file.tell() == 0 and hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
