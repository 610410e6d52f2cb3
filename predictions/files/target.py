"""The file that is written: whole, or not there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from predictions.files.errors import FileError


def check_target(source: Path | None, target: Path, *, replace: bool) -> None:
    """Raises ``FileError`` where ``target`` may not be written; ``source`` None is a pipe."""
    if not target.exists():
        return
    if source is not None and source.exists() and target.samefile(source):
        raise FileError(f"{target} is the input: the answer needs a file of its own.")
    if not target.is_file():
        # A device or a folder would be replaced by a file.
        raise FileError(f"{target} is no ordinary file.")
    if not replace:
        raise FileError(f"{target} exists; --force replaces it.")


@contextmanager
def whole(target: Path) -> Iterator[BinaryIO]:
    """A file beside ``target`` that takes its name when the block ends without an error.

    Only its owner may read it: it holds health data. Raises OSError.
    """
    # A symbolic link stays, and what it points to is written.
    target = target.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
