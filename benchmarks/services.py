"""What is measured, started as processes: one worker each, on free ports, in one folder."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tools.clean_environment import clean_environment
from tools.run import valkey
from tools.run.address import free_port

ROOT: Final = Path(__file__).resolve().parent.parent
_START_WITHIN_S: Final = 60
_OFF: Final = {"ENABLE_PERFORMANCE_MONITORING": "false", "LOG_TO_REDIS": "false"}


@dataclass(frozen=True, slots=True)
class Service:
    """``logs``: whether each of its answers must stand in Redis."""

    name: str
    port: int
    logs: bool


@contextmanager
def running(var_dir: Path) -> Iterator[list[Service]]:
    """All services at once: the idle ones cost the measured one nothing."""
    environment = clean_environment(VAR_DIR=str(var_dir), PUBLIC_PREDICTIONS="true")
    with ExitStack() as stack:
        stack.enter_context(process(valkey.configure(var_dir), environment))
        wait_until(lambda: valkey.answers(var_dir))
        services = []
        for name, command, changes in _commands():
            port = free_port()
            filled = [argument.format(port=port) for argument in command]
            stack.enter_context(process([sys.executable, "-m", *filled], environment | changes))
            wait_until(partial(_listens, port))
            services.append(Service(name, port, logs=name.startswith("heartrisk") and not changes))
        yield services


def _commands() -> list[tuple[str, list[str], dict[str, str]]]:
    granian = ["tools.run.web", "127.0.0.1", "{port}", "1"]
    gunicorn = ["gunicorn", "heartrisk_site.wsgi", "--bind", "127.0.0.1:{port}"]
    gunicorn += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
    bare = ["uvicorn", "benchmarks.bare:app", "--port", "{port}", "--no-access-log"]
    bare += ["--log-level", "warning"]
    return [
        ("heartrisk, granian", granian, {}),
        ("heartrisk, gunicorn gthread", gunicorn, {}),
        ("heartrisk, granian, profile and log off", granian, _OFF),
        ("bare FastAPI, uvicorn", bare, {}),
    ]


@contextmanager
def process(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Ends with the block."""
    tether = [sys.executable, "-m", "tools.run.tether", str(os.getpid())]
    if command[0] == sys.executable:
        command = [*tether, *command]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as started:
        try:
            yield started
        finally:
            started.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_WITHIN_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a service did not start")
        time.sleep(0.05)
