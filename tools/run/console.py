"""The supervisor's own lines."""

import sys


def say(line: str) -> None:
    """Writes one line at once, so that a log file or a pipe shows it when it happens."""
    sys.stdout.write(f"heartrisk: {line}\n")
    sys.stdout.flush()
