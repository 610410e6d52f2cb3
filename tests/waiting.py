"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable
from pathlib import Path

from predictions.log.spool import Spool


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Return as soon as ``condition`` holds; fail when it does not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.02)


def wait_until_delivered(var_dir: Path, seconds: float = 10) -> None:
    """Until the log's entries of a site's answers are in Redis: its spool has them before."""
    spool = Spool(var_dir / "spool", max_bytes=0)
    wait_until(lambda: spool.waiting() == 0, seconds)
