"""The web server: prepares the site once, loads it once, forks workers that share it.

``python -m tools.run.web HOST PORT WORKERS`` serves with granian,
``python -m tools.run.web --dev HOST PORT`` becomes Django's reloading server.
"""

import multiprocessing
import os
import sys
from functools import partial
from typing import Final

import django
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from heartrisk_site.environment import BadConfiguration
from heartrisk_site.variables import BASE_DIR
from tools.run.prepare import prepare
from tools.run.tether import end_with_parent

# Two, so that a long batch or a page that waits for Elasticsearch does not hold up a
# prediction. Each more costs throughput: they fight for the GIL (docs/adr/0014-speed.md).
THREADS: Final = 2
_WORKER_STOPS_WITHIN_S: Final = 10
# Its lines go where ours go, in the format of LOG_FORMAT.
_GRANIAN_LOG: Final = {
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
    django.setup()
    try:
        prepare()
    except DatabaseError as error:
        raise BadConfiguration(f"the database cannot be used: {error}") from None
    if arguments[0] == "--dev":
        reload_and_serve(*arguments[1:])
    else:
        serve(arguments[0], int(arguments[1]), int(arguments[2]))


def reload_and_serve(host: str, port: str) -> None:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    manage = str(BASE_DIR / "manage.py")
    os.execv(sys.executable, [sys.executable, manage, "runserver", "--skip-checks", address])


def serve(host: str, port: int, workers: int) -> None:
    """Runs until SIGTERM; a crashed worker is started again."""
    if sys.platform == "linux":
        # Python 3.14 would start each worker from nothing; elsewhere forking is not safe.
        multiprocessing.set_start_method("fork")
        from predictions.startup import load

        load()
    Granian(
        "heartrisk_site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=_WORKER_STOPS_WITHIN_S,
        log_level=LogLevels.warning,
        log_dictconfig=_GRANIAN_LOG,
    ).serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)


def _application(server_pid: int) -> WSGIHandler:
    """Called in each worker."""
    end_with_parent(server_pid)
    from heartrisk_site.wsgi import application

    return application


if __name__ == "__main__":
    main(sys.argv[1:])
