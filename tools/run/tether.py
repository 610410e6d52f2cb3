"""Ties a process to its parent's life, so that ``kill -9`` of the supervisor leaves no orphans.

``python -m tools.run.tether PARENT_PID PROGRAM ARGUMENT...`` becomes the program.
Where there is no such tie (macOS), the next start ends what it finds left over.
"""

import ctypes
import os
import signal
import sys
from typing import Final

# prctl(2): the signal this process gets when the thread that made it ends; survives execve.
_PR_SET_PDEATHSIG: Final = 1


def end_with_parent(parent_pid: int) -> None:
    """Asks the kernel for SIGTERM when the parent ends; exits if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent_pid:
        raise SystemExit(1)


def main(arguments: list[str]) -> None:
    end_with_parent(int(arguments[0]))
    os.execv(arguments[1], arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
