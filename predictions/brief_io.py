"""``pread``, ``pwrite`` and ``getentropy`` that keep Python's lock, for calls of microseconds.

Python's own give the lock away around each call. Where other threads wait for it, one of
them then runs first: under load that is a change of threads, several times the call itself.
"""

import ctypes
import os
from typing import Final

_LIBC: Final = ctypes.PyDLL(None, use_errno=True)
# off_t is as wide as a long, on 32 bits and on 64.
_LIBC.pread.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_long)
_LIBC.pwrite.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_long)
_LIBC.getentropy.argtypes = (ctypes.c_char_p, ctypes.c_size_t)
_LIBC.pread.restype = _LIBC.pwrite.restype = ctypes.c_ssize_t


def pread(descriptor: int, size: int, offset: int) -> bytes:
    """At most ``size`` bytes from ``offset`` on. Raises ``OSError``."""
    buffer = ctypes.create_string_buffer(size)
    read = _checked(_LIBC.pread(descriptor, buffer, size, offset))
    return buffer.raw[:read]


def pwrite(descriptor: int, content: bytes, offset: int) -> int:
    """How many bytes were written. Raises ``OSError``."""
    return _checked(_LIBC.pwrite(descriptor, content, len(content), offset))


def random_bytes(size: int) -> bytes:
    """As good as those of ``os.urandom``, 256 at most. Raises ``OSError``."""
    buffer = ctypes.create_string_buffer(size)
    _checked(_LIBC.getentropy(buffer, size))
    return buffer.raw


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
