"""``python -m monitoring.alerts.alive``: exit code 0 where this host's ``check_alerts`` lives.

For a container's health check. After each round the evaluator writes down until when the next
one should be over.
"""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

# What hangs in a round has short timeouts, and there are few of them.
_A_ROUND_TAKES: Final = timedelta(minutes=2)


def main() -> int:
    # The settings alone: it runs every few seconds, and needs none of the apps.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
    return 0 if is_alive() else 1


def is_alive() -> bool:
    try:
        return _path().stat().st_mtime > time.time()
    except OSError:
        return False


def sign_of_life(interval: timedelta) -> None:
    """The file's time is when its writer counts as dead. A disk that is full ends no evaluator."""
    until = time.time() + (interval + _A_ROUND_TAKES).total_seconds()
    path = _path()
    try:
        path.touch(mode=0o600)
        os.utime(path, (until, until))
    except OSError:
        return


def _path() -> Path:
    return Path(settings.VAR_DIR) / "alerts.alive"


if __name__ == "__main__":
    sys.exit(main())
