"""The supervisor's own lines."""

import logging
import os
import sys


def say(line: str) -> None:
    """Writes one line at once, so that a log file or a pipe shows it when it happens."""
    sys.stdout.write(f"{_as_object(line) if _prints_json() else f'heartrisk: {line}'}\n")
    sys.stdout.flush()


def _prints_json() -> bool:
    """Reading ``.env`` puts its variables here too."""
    return os.environ.get("LOG_FORMAT") == "json"


def _as_object(line: str) -> str:
    """As all other processes' lines are then."""
    # Here: `make docker-up` runs with any Python, without a package of ours.
    from predictions.process_log import JsonFormatter

    record = logging.LogRecord("heartrisk.run", logging.INFO, __file__, 0, line, None, None)
    return JsonFormatter().format(record)
