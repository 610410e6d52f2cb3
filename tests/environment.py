"""Loaded by pytest before Django's settings: each test process gets a world of its own.

A temporary VAR_DIR holds its database, spool, Valkey socket; nothing of the
developer's own .env or var/ is read or written.

RUN_DIR is one folder for all processes of a run: pytest's own makes it, the workers
of pytest-xdist find it by their environment.
"""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from heartrisk_site.variables import VARIABLES

_RUN = "HEARTRISK_TEST_RUN"
IS_FIRST_PROCESS = _RUN not in os.environ
if IS_FIRST_PROCESS:
    os.environ[_RUN] = tempfile.mkdtemp(prefix="heartrisk-run-")
    (Path(os.environ[_RUN]) / "pid").write_text(str(os.getpid()))
    # Kept before it is emptied: the tests use the Elasticsearch that a developer names.
    (Path(os.environ[_RUN]) / "es_url").write_text(os.environ.get("ES_URL", ""))
RUN_DIR = Path(os.environ[_RUN])
FIRST_PROCESS = int((RUN_DIR / "pid").read_text())
GIVEN_ES_URL = (RUN_DIR / "es_url").read_text()

for variable in VARIABLES:
    # An empty value counts as not set, and keeps .env from setting it.
    os.environ[variable.name] = ""

# A shell that starts the tests with "&" has them ignore Ctrl-C, and what they start inherits it:
# the programs that tests end with Ctrl-C would not end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Short, because a unix socket's path may hold 107 characters.
VAR_DIR = Path(tempfile.mkdtemp(prefix="heartrisk-"))
# whitenoise warns of a folder that is not there.
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir()

os.environ["VAR_DIR"] = str(VAR_DIR)
os.environ["SECRET_KEY"] = "a key for tests only, long enough for every check of Django"
# A busy test machine may hold a process up for longer than a request may wait for Redis.
os.environ["REDIS_TIMEOUT_MS"] = "1000"
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"


def pytest_unconfigure() -> None:
    """After every fixture's end: databases and servers have let go of the folder."""
    shutil.rmtree(VAR_DIR, ignore_errors=True)
    if IS_FIRST_PROCESS:
        shutil.rmtree(RUN_DIR, ignore_errors=True)
