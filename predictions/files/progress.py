"""How far the command is, on a terminal."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO


@contextmanager
def progress_bar(source: BinaryIO) -> Iterator[Callable[[], None]]:
    """To be called when some more of ``source`` has been read: it shows how much of it.

    It writes to the standard error, because the answer may go to the standard output; a
    pipe, whose length nobody knows, has no bar.
    """
    if not source.seekable() or not sys.stderr.isatty():
        yield lambda: None
        return
    # Imported here, because a script, which sees no bar, need not wait for it.
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    size = os.fstat(source.fileno()).st_size
    columns = (TextColumn("Predicting"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=size)
        yield lambda: progress.update(task, completed=source.tell())
