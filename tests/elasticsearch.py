"""A pytest plugin: a real Elasticsearch for the tests, one shared by the whole run or one's own.

In this order: ES_URL as given to pytest, a node of `tools/elasticsearch` where Java and
Maven are there, else the tests that need one are skipped.
"""

import os
import signal
import subprocess
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import pytest

from heartrisk_site.variables import BASE_DIR
from tests.environment import FIRST_PROCESS, GIVEN_ES_URL, IS_FIRST_PROCESS, RUN_DIR
from tools.elasticsearch import node
from tools.run.address import free_port

# Kept between runs: the jars take a minute or two to fetch.
HOME: Final = BASE_DIR / "var" / "elasticsearch"
STARTS_WITHIN_S: Final = 90
STOPS_WITHIN_S: Final = 30
# Halves the processor time of a start; indexing is a tenth slower.
_FAST: Final = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1"}
_LOUD: Final = "NOT TESTED WITH ELASTICSEARCH"
_SHARED: Final = RUN_DIR / "elasticsearch"
# Written by whoever has started the shared node, or could not.
_URL: Final = _SHARED / "url"
_PID: Final = _SHARED / "pid"
_REASON: Final = _SHARED / "reason"


class ElasticsearchNode:
    """A real node that a test may stop, kill, pause and start again; its port and data are kept.

    ``settings`` are Elasticsearch's own; they may be changed before a start. The node ends
    with the process ``owner``: pytest's first one, unless another is named.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, str] | None = None, owner: int | None = None
    ) -> None:
        self.folder = folder
        self.settings = dict(settings or {})
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._owner = owner or FIRST_PROCESS

    def start(self, wait: bool = True) -> None:
        """Returns when it answers and its data can be searched, or at once."""
        node.prepare(self.folder)
        command = node.command(
            HOME, self.folder, self.port, settings=self.settings, owner=self._owner
        )
        with (self.folder / "logs" / "output.txt").open("ab") as output:
            # In a session of its own: Ctrl-C is for pytest, which then ends it.
            self.process = subprocess.Popen(
                command,
                env=os.environ | _FAST,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if wait:
            self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Fails with the node's own last words."""
        ends = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < ends and self.is_running():
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"Elasticsearch did not start: {self._last_words()}")

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> int | None:
        """SIGTERM; its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int | None:
        """kill -9, which a paused node obeys, too."""
        return self._end(signal.SIGKILL)

    def pause(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)
        assert self.process is not None
        # Its threads stop one after the other; any that still runs could answer.
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def resume(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def _end(self, number: signal.Signals) -> int | None:
        if self.process is None:
            return None
        self._signal(number)
        return self.process.wait(STOPS_WITHIN_S)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def _answers(self) -> bool:
        health = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=5s"
        try:
            return httpx.get(health, timeout=10).status_code == 200
        except httpx.TransportError:
            return False

    def _last_words(self) -> str:
        logs = [self.folder / "logs" / name for name in ("elasticsearch.log", "output.txt")]
        return "\n".join(log.read_text()[-3000:] for log in logs if log.is_file())


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The Elasticsearch that all tests of this run share; take names of your own for indices."""
    if GIVEN_ES_URL:
        return GIVEN_ES_URL.rstrip("/")
    with _one_at_a_time():
        if not _URL.exists():
            _install()
            _start_shared()
    return _URL.read_text()


@pytest.fixture(scope="session")
def elasticsearch_home() -> Path:
    """The folder with the jars of a node."""
    with _one_at_a_time():
        _install()
    return HOME


@pytest.fixture
def own_elasticsearch(
    request: pytest.FixtureRequest, elasticsearch_home: Path, tmp_path: Path
) -> Iterator[ElasticsearchNode]:
    """A node for one test only, to be stopped and killed.

    Its settings: ``@pytest.mark.parametrize("own_elasticsearch", [{...}], indirect=True)``.
    """
    settings: Any = getattr(request, "param", None)
    server = ElasticsearchNode(tmp_path / "elasticsearch", settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Said in one line for all of them, not in one for each."""
    report = yield
    if isinstance(report.longrepr, tuple) and _LOUD in report.longrepr[2]:
        report.longrepr = (__file__, 1, report.longrepr[2])
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """The first process ends last: no worker needs the shared node any more."""
    if not IS_FIRST_PROCESS or not _PID.exists():
        return
    try:
        process = psutil.Process(int(_PID.read_text()))
        # The system hands out a pid again and again.
        if str(_SHARED) in " ".join(process.cmdline()):
            process.kill()
            process.wait(STOPS_WITHIN_S)
    except psutil.NoSuchProcess:
        pass


def _start_shared() -> None:
    """The node belongs to pytest's first process, though a worker starts it."""
    server = ElasticsearchNode(_SHARED)
    server.start(wait=False)
    assert server.process is not None
    _PID.write_text(str(server.process.pid))
    server.wait_until_it_answers()
    # It outlives a worker; the subprocess module would warn of that.
    server.process.returncode = 0
    _URL.write_text(server.url)


def _install() -> None:
    """Skips the test where there can be no node; the other workers need not try again."""
    reason = node.available()
    if _REASON.exists():
        reason = _REASON.read_text()
    if not reason:
        try:
            node.install(HOME)
        except SystemExit as error:
            reason = str(error).removeprefix("heartrisk: ")
    if reason:
        _REASON.write_text(reason)
        pytest.skip(f"{_LOUD}: {reason}")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Among all processes of the run."""
    _SHARED.mkdir(exist_ok=True)
    with node.locked(_SHARED / "lock"):
        yield
