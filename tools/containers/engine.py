"""The Docker engine of this machine, asked before anything is demanded of it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_ANSWERS_WITHIN_S: Final = 20


def missing() -> str:
    """Why no compose service can be started here, in one sentence; "" where they can."""
    if not _succeeds(["docker", "info"]):
        return "no Docker engine answers here. Start Docker, or use make run, which needs none."
    if not _succeeds(["docker", "compose", "version"]):
        return "this Docker has no compose. Install its package docker-compose-plugin."
    return ""


def compose(arguments: Sequence[str], folder: Path) -> int:
    """Runs ``docker compose`` with the folder's file; its exit code."""
    return subprocess.run(["docker", "compose", *arguments], cwd=folder, check=False).returncode


def _succeeds(command: Sequence[str]) -> bool:
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_ANSWERS_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
