"""The whole site as a process, as `make run` starts it, in a VAR_DIR of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
import redis

from heartrisk_site.redis_url import embedded_url
from predictions.features import EXAMPLE
from predictions.log.transaction_log import STREAM_KEY
from tests.waiting import wait_until, wait_until_delivered
from tools.run.address import free_port

START_WITHIN_S = 90


class RunningSite:
    """Starts in the constructor; use as a context manager, which kills what is left."""

    def __init__(self, var_dir: Path, *arguments: str, **environment: str) -> None:
        self.var_dir = var_dir
        self.port = int(environment.get("API_PORT") or free_port())
        self._output = var_dir.parent / f"{var_dir.name}-{self.port}.txt"
        variables = {"VAR_DIR": str(var_dir), "API_PORT": str(self.port), "WEB_WORKERS": "1"}
        # A Java for each of these sites would take longer than all of their tests.
        variables["RUN_ELASTICSEARCH"] = "false"
        # The default, not what the other tests need.
        variables["ALLOWED_HOSTS"] = ""
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools.run", *arguments],
                env=os.environ | variables | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> "RunningSite":
        return self

    def __exit__(self, *_: object) -> None:
        children = self.children() if self.process.poll() is None else []
        self.process.kill()
        self.process.wait()
        for child in children:
            if child.is_running():
                child.kill()
        psutil.wait_procs(children, timeout=10)

    @property
    def output(self) -> str:
        return self._output.read_text()

    def wait_until_ready(self) -> "RunningSite":
        wait_until(
            lambda: "ready at" in self.output or self.process.poll() is not None, START_WITHIN_S
        )
        assert self.process.poll() is None, self.output
        return self

    def wait_until_ended(self) -> int:
        return self.process.wait(START_WITHIN_S)

    def children(self) -> list[psutil.Process]:
        """All its descendants: Valkey, the web server, its workers."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def recorded(self) -> dict[str, dict[str, Any]]:
        """The services that run, as recorded under var/run."""
        recorded = json.loads((self.var_dir / "run" / "processes.json").read_text())
        services: dict[str, dict[str, Any]] = recorded["services"]
        return services

    def service(self, name: str) -> psutil.Process:
        """By the name it is recorded under."""
        return psutil.Process(self.recorded()[name]["pid"])

    def predict(self, host: str = "127.0.0.1") -> httpx.Response:
        return httpx.post(f"http://{host}:{self.port}/predict", json=EXAMPLE, timeout=30)

    def stream(self) -> list[Any]:
        """The entries of the delivery stream, read by the address another shell would use.

        An answer's entry is there a moment after it: until then the spool has it.
        """
        wait_until_delivered(self.var_dir)
        with redis.Redis.from_url(embedded_url(self.var_dir)) as client:
            entries: Any = client.xrange(STREAM_KEY)
            return list(entries)

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.wait_until_ended()
