"""`python -m tools.elasticsearch`."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from heartrisk_site.elasticsearch_url import elasticsearch_url
from heartrisk_site.environment import Environment
from tests.elasticsearch import STARTS_WITHIN_S
from tests.tools.elasticsearch.programs import Programs
from tests.waiting import wait_until
from tools.elasticsearch.__main__ import choose_port, claim, main
from tools.run.address import free_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_it_takes_the_preferred_port() -> None:
    port = free_port()
    assert choose_port(None, port) == port


def test_it_takes_another_port_where_the_preferred_one_is_taken(taken: int) -> None:
    assert choose_port(None, taken) != taken


def test_it_takes_the_demanded_port_or_none(taken: int) -> None:
    assert choose_port(demanded := free_port(), 9200) == demanded
    with pytest.raises(SystemExit, match=f"port {taken} is in use"):
        choose_port(taken, 9200)


def test_one_folder_has_one_node(tmp_path: Path) -> None:
    claim(tmp_path)
    with pytest.raises(SystemExit, match="a node runs already in"):
        claim(tmp_path)


def test_it_says_what_is_missing(programs: Programs) -> None:
    with pytest.raises(SystemExit, match=r"Elasticsearch cannot run here: .* on the PATH\.$"):
        main([])


def test_it_says_that_its_folder_cannot_be_made(programs: Programs, tmp_path: Path) -> None:
    programs.add_java()
    programs.add_maven()
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="file/node/config cannot be made: Not a directory"):
        main(["--data", str(tmp_path / "file" / "node")])


def test_it_refuses_a_setting_without_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--setting", "thread_pool.write.size"])
    assert "'thread_pool.write.size' is not KEY=VALUE" in capsys.readouterr().err


class Started:
    """The program, in a VAR_DIR whose name holds a space."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.var_dir = folder / "v a r"
        self.port = self.var_dir / "elasticsearch" / "port"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.elasticsearch", *arguments],
            env=os.environ | {"VAR_DIR": str(self.var_dir)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ended(self) -> tuple[int, list[str]]:
        """Its exit code and what it wrote."""
        output, _ = self.process.communicate(timeout=STARTS_WITHIN_S)
        return self.process.returncode, output.splitlines()


def test_a_failing_maven_is_one_line_and_exit_code_1(programs: Programs, tmp_path: Path) -> None:
    programs.add_java()
    programs.add("mvn", "echo '[ERROR] Unknown host'; exit 1")
    code, lines = Started(tmp_path).ended()
    assert (code, len(lines)) == (1, 2)
    assert lines[1].endswith("Unknown host")


def test_it_records_its_port_and_becomes_java(programs: Programs, tmp_path: Path) -> None:
    programs.add_java()
    programs.add_maven()
    port = free_port()
    started = Started(tmp_path, "--port", str(port), "--setting", "node.name=here")
    assert started.ended()[0] == 0
    assert started.port.read_text() == str(port)
    assert programs.calls[-1].endswith(f"http.port={port} node.name=here")


def answers(url: str) -> bool:
    try:
        return bool(url) and httpx.get(f"{url}/_cluster/health", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def started(elasticsearch_home: Path, tmp_path: Path) -> Iterator[Started]:
    """A real node, which need not fetch its jars."""
    (tmp_path / "v a r" / "elasticsearch").mkdir(parents=True)
    (tmp_path / "v a r" / "elasticsearch" / "jars").symlink_to(elasticsearch_home / "jars")
    program = Started(tmp_path)
    yield program
    program.process.kill()
    program.process.communicate()


def test_the_site_finds_it_until_ctrl_c_ends_it(started: Started) -> None:
    wait_until(lambda: answers(elasticsearch_url(Environment(), started.var_dir)), STARTS_WITHIN_S)
    started.process.send_signal(signal.SIGINT)
    code, lines = started.ended()
    assert (code, len(lines)) == (0, 1), lines
