"""The site as its users meet it: a real server process with a database and static files."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.environment import STATIC_ROOT
from tools.run.address import free_port

ROOT = Path(__file__).resolve().parent.parent
# Starting loads scikit-learn; a busy machine takes its time.
LONGEST_START = 60


class Site:
    """One granian process on a free port. ``variables`` are the site's environment variables.

    ``folder`` holds what it writes; the static files are those the tests have collected.
    """

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self._environment = os.environ | {"VAR_DIR": str(folder)} | variables
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "static").symlink_to(STATIC_ROOT)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.manage("migrate", "--verbosity", "0")
        command = self.command(self.url.rpartition(":")[2])
        with (self.folder / "site.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        self.wait_until_it_answers()

    def command(self, port: str) -> list[str]:
        """What is started."""
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"]
        return [*server, "--port", port, "heartrisk_site.wsgi:application"]

    def manage(self, *arguments: str, **variables: str) -> None:
        """Runs a management command against this site."""
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self._environment | variables, check=True)

    def add_user(self, name: str, password: str, *, staff: bool) -> None:
        """Adds a user through Django itself."""
        make = "create_superuser" if staff else "create_user"
        code = f"from django.contrib.auth.models import User; User.objects.{make}({name!r}, "
        self.manage("shell", "--verbosity", "0", "--command", f"{code}password={password!r})")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    def wait_until_it_answers(self) -> None:
        ends = time.monotonic() + LONGEST_START
        while time.monotonic() < ends:
            try:
                httpx.get(f"{self.url}/health/live")
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError((self.folder / "site.log").read_text())
