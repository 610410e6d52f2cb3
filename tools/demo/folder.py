"""The demonstration's own folder and environment: nothing of the developer's site is in either."""

import errno
import fcntl
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from heartrisk_site.environment import BadConfiguration
from heartrisk_site.variables import BASE_DIR
from tools.clean_environment import clean_environment
from tools.elasticsearch import node
from tools.run.address import free_port
from tools.run.record import Record

FOLDER: Final = BASE_DIR / "var" / "demo"
# Shared by all nodes, and never changed once they are there.
_JARS_HOME: Final = BASE_DIR / "var" / "elasticsearch"
# Who may run here holds it; and only a folder that has it is ever emptied.
_LOCK: Final = "demo.lock"
# What costs time to make and is of no week.
_KEPT: Final = (_LOCK, "run", "static", "elasticsearch")
_KEPT_OF_ELASTICSEARCH: Final = ("jars",)
_RANDOM_BYTES: Final = 50
# The machine is busy playing: an entry that waits is better than one that goes the long way.
_REDIS_TIMEOUT_MS: Final = 1000
# Longer than it takes to play: the alerts of the week are not judged from two sides at once.
_ALERTS_INTERVAL_S: Final = 120
# Elasticsearch lives for minutes: what its compiler would gain costs more than it gives.
_JAVA: Final = "-XX:TieredStopAtLevel=1"


def take(folder: Path) -> int:
    """An empty folder for this process alone: the lock's descriptor, to be kept open.

    Raises ``BadConfiguration`` where another one plays there, or where other things are.
    """
    lock = folder / _LOCK
    if folder.is_dir() and any(folder.iterdir()) and not lock.is_file():
        raise BadConfiguration(f"{folder} holds other things than a demonstration.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise BadConfiguration(f"a demonstration runs already in {folder}.") from None
    # What a killed one may have left running would write into the emptied folder.
    record = Record(folder)
    record.claim()
    record.end_leftovers()
    record.clear()
    _empty(folder, _KEPT)
    _empty(folder / "elasticsearch", _KEPT_OF_ELASTICSEARCH)
    return held


def borrow_jars(folder: Path, home: Path = _JARS_HOME) -> None:
    """Elasticsearch's jars, where the developer's site has fetched them: linked, not fetched."""
    borrowed = folder / "elasticsearch"
    if node.is_installed(borrowed) or not node.is_installed(home):
        return
    shutil.rmtree(borrowed / "jars", ignore_errors=True)
    # What is half made has another name than a version's.
    half_made = shutil.ignore_patterns("new-*", "lock")
    shutil.copytree(home / "jars", borrowed / "jars", copy_function=_link, ignore=half_made)


def environment(folder: Path, port: int, window: int, *, elasticsearch: bool) -> dict[str, str]:
    """Of every process of the demonstration. ``window``: entries that /logs may hold."""
    return clean_environment(
        VAR_DIR=str(folder),
        DEMO="true",
        # Nothing that it signs outlives this run.
        SECRET_KEY=secrets.token_urlsafe(_RANDOM_BYTES),
        API_PORT=str(port),
        WEB_WORKERS="1",
        REDIS_TIMEOUT_MS=str(_REDIS_TIMEOUT_MS),
        REDIS_LOGS_MAX_SIZE=str(window),
        ALERTS_INTERVAL=str(_ALERTS_INTERVAL_S),
        RUN_ELASTICSEARCH="true" if elasticsearch else "false",
        # The usual one is left to the developer's site.
        ES_PORT=str(free_port()),
        JDK_JAVA_OPTIONS=f"{os.environ.get('JDK_JAVA_OPTIONS', '')} {_JAVA}".strip(),
    )


def record_port(folder: Path, port: str) -> None:
    """Where settings look for the local Elasticsearch."""
    (folder / "elasticsearch").mkdir(exist_ok=True, mode=0o700)
    (folder / "elasticsearch" / "port").write_text(port, encoding="utf-8")


def _empty(folder: Path, kept: tuple[str, ...]) -> None:
    for path in folder.glob("*"):
        if path.name in kept:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK):
            raise
        shutil.copyfile(source, target)
