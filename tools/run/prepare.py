"""What must be in place before the site answers: tables, static files, a first user."""

import hashlib
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from monitoring.metrics import slots
from tools.run.console import say

ADMIN: Final = "admin"


def prepare() -> None:
    """Safe to run at every start: does only what is missing."""
    migrate()
    collect_static()
    create_admin()
    # What was counted before is known to Prometheus; a new version may count in other buckets.
    slots.clear(settings.PROMETHEUS_DIR)
    connection.close()


def migrate() -> bool:
    """Brings the tables up to date; False where they were."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    say("bringing the database up to date.")
    call_command("migrate", interactive=False, verbosity=0)
    return True


def collect_static() -> bool:
    """Hashes and compresses the static files; False where none has changed."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    fingerprint = _fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == fingerprint:
        return False
    say("collecting the static files.")
    root.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint, encoding="utf-8")
    return True


def _fingerprint() -> str:
    """Names, sizes and times of all source files, and how they are stored."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def create_admin() -> bool:
    """On an empty user table: an administrator, whose password is printed this once."""
    users = get_user_model().objects
    if users.exists():
        return False
    password = secrets.token_urlsafe(15)
    users.create_superuser(username=ADMIN, password=password)
    say(f"first start. The administrator is {ADMIN!r}, the password (shown only now): {password}")
    return True
