"""What `make bench` compares: each a command, the environment it adds, what it must leave."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tools.run.web import THREADS

_NO_PROFILE: Final = {"ENABLE_PERFORMANCE_MONITORING": "false"}
_NO_LOG: Final = {"LOG_TO_REDIS": "false"}
# Said, though uvicorn[standard] chooses both: its fastest loop and parser.
_UVICORN: Final = ("--loop", "uvloop", "--http", "httptools", "--no-access-log")


@dataclass(frozen=True, slots=True)
class Contender:
    """One service.

    ``command`` follows ``python -m`` and takes ``{port}`` and ``{workers}``. ``logs``:
    whether each of its requests must leave an entry in the stream, ``profiles``: whether
    each entry must have a whole profile.
    """

    key: str
    name: str
    command: tuple[str, ...]
    changes: Mapping[str, str] = field(default_factory=dict)
    logs: bool = False
    profiles: bool = False

    def started_with(self, port: int, workers: int = 1) -> list[str]:
        """The whole command, with the Python of this process."""
        filled = (part.format(port=port, workers=workers) for part in self.command)
        return [sys.executable, "-m", *filled]


def _granian(key: str, name: str, changes: Mapping[str, str], *, logs: bool) -> Contender:
    command = ("tools.run.web", "127.0.0.1", "{port}", "{workers}")
    return Contender(key, name, command, changes, logs=logs, profiles=not changes)


def on_uvicorn(key: str, name: str, application: str) -> Contender:
    """A service to compare with, of the folder ``benchmarks``."""
    where = ("uvicorn", application, "--port", "{port}", "--workers", "{workers}")
    return Contender(key, name, (*where, *_UVICORN, "--log-level", "warning"))


EVERYTHING: Final = _granian("everything", "heartrisk, everything on", {}, logs=True)
NO_PROFILE: Final = _granian("no-profile", "heartrisk, profile off", _NO_PROFILE, logs=True)
NEITHER: Final = _granian(
    "neither", "heartrisk, profile and log off", _NO_PROFILE | _NO_LOG, logs=False
)
BARE: Final = on_uvicorn("bare", "bare FastAPI", "benchmarks.bare:app")
BARE_DEF: Final = on_uvicorn("bare-def", "bare FastAPI, def", "benchmarks.bare:in_threads")
PROTOTYPE: Final = on_uvicorn("prototype", "the prototype's shape", "benchmarks.prototype:app")
GUNICORN: Final = Contender(
    "gunicorn",
    "heartrisk, everything on, gunicorn gthread",
    (
        *("gunicorn", "heartrisk_site.wsgi", "--bind", "127.0.0.1:{port}"),
        *("--workers", "{workers}", "--worker-class", "gthread", "--threads", str(THREADS)),
        *("--log-level", "warning"),
    ),
    logs=True,
    profiles=True,
)

USUAL: Final = (EVERYTHING, NO_PROFILE, NEITHER, BARE, BARE_DEF, PROTOTYPE)
BY_KEY: Final = {contender.key: contender for contender in (*USUAL, GUNICORN)}
