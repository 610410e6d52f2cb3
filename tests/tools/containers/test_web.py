"""The web container's process and its health check, without the container around them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from heartrisk_site.environment import BadConfiguration, Environment
from predictions.features import EXAMPLE
from predictions.log.transaction_log import STREAM_KEY
from tests.compose import environment
from tests.conftest import Valkey
from tests.waiting import wait_until
from tools.containers.web import check_spool
from tools.run.address import free_port

START_WITHIN_S = 90
# None that a probe would guess.
HOST = "heartrisk.example"
AS_COMPOSED = ("API_HOST", "PUBLIC_PREDICTIONS", "BEHIND_PROXY", "HTTPS")


class Container:
    """The image's commands, with what the compose file gives them."""

    def __init__(self, var_dir: Path, redis_url: str) -> None:
        self.port = free_port()
        composed = environment("web")
        self._environment = os.environ | {name: composed[name] for name in AS_COMPOSED}
        self._environment |= {"VAR_DIR": str(var_dir), "REDIS_URL": redis_url, "WEB_WORKERS": "1"}
        self._environment |= {"API_PORT": str(self.port), "ALLOWED_HOSTS": HOST}
        self.process = self._start("tools.containers.web")

    def _start(self, module: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", module], env=self._environment)

    def is_healthy(self) -> bool:
        return self._start("tools.containers.healthy").wait() == 0

    def predict(self) -> httpx.Response:
        url = f"http://127.0.0.1:{self.port}/predict"
        return httpx.post(url, json=EXAMPLE, headers={"Host": HOST}, timeout=30)

    def stop(self) -> int:
        """As an engine does; the exit code."""
        self.process.terminate()
        return self.process.wait(30)


@pytest.fixture
def container(tmp_path: Path, own_valkey: Valkey) -> Iterator[Container]:
    running = Container(tmp_path / "var", own_valkey.url)
    yield running
    running.process.kill()
    running.process.wait()


def test_it_is_healthy_from_its_first_answer_to_its_end(
    container: Container, own_valkey: Valkey
) -> None:
    assert not container.is_healthy()
    wait_until(container.is_healthy, START_WITHIN_S)
    assert container.predict().status_code == 200
    wait_until(lambda: own_valkey.client().xlen(STREAM_KEY) == 1)
    assert container.stop() == 0
    assert not container.is_healthy()


def test_a_bad_variable_stops_the_start_with_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.containers.web"],
        env=os.environ | {"REDIS_TIMEOUT_MS": "soon"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == "heartrisk: REDIS_TIMEOUT_MS='soon' is not a whole number.\n"


def test_a_spool_that_cannot_be_written_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    (tmp_path / "spool").touch()
    with pytest.raises(BadConfiguration, match=r"cannot write to .*spool\. Give it the volume\."):
        check_spool(Environment())
