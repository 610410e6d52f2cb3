"""The real site in processes of its own, and clients that put it under load."""

import http.client
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil

from predictions.features import EXAMPLE
from predictions.log.spool import Spool
from tests.conftest import Valkey
from tests.predictions.logs import PLENTY, ids_of, stream_of
from tests.waiting import wait_until
from tools.run.address import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
BODY = orjson.dumps(EXAMPLE)
# What `make run` does once tables and static files are in place: predicting needs neither.
SERVE = """
import sys, django
django.setup()
from tools.run.web import serve
serve("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]))
"""
HEADERS = {"Content-Type": "application/json"}


class Site:
    """The web server as `make run` starts it: one master, ``workers`` forked processes."""

    def __init__(self, folder: Path, valkey: Valkey, workers: int = 2) -> None:
        self.folder = folder
        self.valkey = valkey
        self.port = free_port()
        self._wanted = workers
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            **os.environ,
            "VAR_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "heartrisk_site.settings",
            "REDIS_URL": self.valkey.url,
            "REDIS_TIMEOUT_MS": "30",
            "PUBLIC_PREDICTIONS": "true",
        }
        (self.folder / "static").mkdir(exist_ok=True)
        command = [sys.executable, "-c", SERVE, str(self.port), str(self._wanted)]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment)
        wait_until(self.is_serving, 30)

    def ask_to_stop(self) -> None:
        """SIGTERM, without waiting for what it does."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        self.ask_to_stop()
        if self._process is not None:
            self._process.wait(20)

    def kill(self) -> None:
        """kill -9 of the master and of every worker."""
        assert self._process is not None
        # The master first, or it would start new workers.
        workers = self.workers()
        self._process.kill()
        self._process.wait(5)
        for worker in workers:
            worker.kill()
        psutil.wait_procs(workers, 5)

    def workers(self) -> list[psutil.Process]:
        """Those that are alive."""
        assert self._process is not None
        children = psutil.Process(self._process.pid).children()
        return [child for child in children if child.status() != psutil.STATUS_ZOMBIE]

    def is_serving(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/live")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    @property
    def spool(self) -> Spool:
        """Read from outside, as any process can."""
        return Spool(self.folder / "spool", PLENTY)

    def delivered(self) -> set[str]:
        """Transaction ids in the stream."""
        return set(ids_of(stream_of(self.valkey)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client received: when it had asked, how long it took."""

    asked: float
    latency_ms: float
    status: int
    transaction_id: str


class Load:
    """Clients that predict one after the other, with a pause so that the site is not saturated."""

    def __init__(self, port: int, clients: int = 4, pause: float = 0.01) -> None:
        self.answers: list[Answer] = []
        # Requests without an answer: their worker was killed.
        self.broken = 0
        self._port = port
        self._pause = pause
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(clients)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    @property
    def ids(self) -> set[str]:
        """Kept by the clients, never asked of the site."""
        return {answer.transaction_id for answer in self.answers}

    def latencies(self, since: float, until: float) -> list[float]:
        return sorted(answer.latency_ms for answer in self.answers if since <= answer.asked < until)

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        while not self._stopped.wait(self._pause):
            try:
                self.answers.append(_predict(connection))
            except (OSError, http.client.HTTPException):
                self.broken += 1
                connection.close()
        connection.close()


def _predict(connection: http.client.HTTPConnection) -> Answer:
    asked = time.monotonic()
    connection.request("POST", "/predict", BODY, HEADERS)
    response = connection.getresponse()
    response.read()
    latency_ms = (time.monotonic() - asked) * 1000
    return Answer(asked, latency_ms, response.status, response.headers["X-Transaction-ID"])


def percentile(ordered: list[float], rank: float) -> float:
    return ordered[min(int(len(ordered) * rank / 100), len(ordered) - 1)]
