"""`make run` and `make dev` as processes: start, predict, crash, end."""

import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
import redis

from heartrisk_site.variables import BASE_DIR
from predictions.log.transaction_log import STREAM_KEY
from tests.conftest import Valkey
from tests.tools.run.running import RunningSite
from tests.waiting import wait_until
from tools.run.address import free_port


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site started in an empty folder and ended by Ctrl-C."""
    with RunningSite(tmp_path_factory.mktemp("first") / "var") as site:
        site.wait_until_ready()
        site.interrupt()
        yield site


@pytest.fixture
def var_dir(first_run: RunningSite, tmp_path: Path) -> Path:
    """A folder in which the site has run before."""
    return shutil.copytree(first_run.var_dir, tmp_path / "var")


@pytest.fixture(scope="module")
def calm_site(
    first_run: RunningSite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    """One that runs through all tests that leave it as it is."""
    var_dir = shutil.copytree(first_run.var_dir, tmp_path_factory.mktemp("calm") / "var")
    with RunningSite(var_dir) as site:
        yield site.wait_until_ready()


@pytest.fixture
def site(var_dir: Path) -> Iterator[RunningSite]:
    """One to be ended, killed and started again."""
    with RunningSite(var_dir) as site:
        yield site.wait_until_ready()


def test_the_first_start_prints_the_administrators_password_and_the_address(
    first_run: RunningSite,
) -> None:
    assert re.search(r"'admin', the password \(shown only now\): \S{20}\n", first_run.output)
    assert f"heartrisk: ready at http://127.0.0.1:{first_run.port}/  (Ctrl-C" in first_run.output


def test_a_later_start_prints_the_address_and_where_the_log_waits(calm_site: RunningSite) -> None:
    address = f"http://127.0.0.1:{calm_site.port}/"
    assert calm_site.output == (
        "heartrisk: log entries wait in Redis: no Elasticsearch is named by ES_URL, "
        "and RUN_ELASTICSEARCH is false.\n"
        f"heartrisk: ready at {address}  (Ctrl-C ends it)\n"
    )


def test_it_predicts_and_logs_to_its_own_valkey(calm_site: RunningSite) -> None:
    answer = calm_site.predict()
    assert 0 < answer.json()["probability"] < 1
    ((_, fields),) = calm_site.stream()
    assert answer.json()["transaction_id"].encode() in fields[b"entry"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it_in_order(site: RunningSite, number: signal.Signals) -> None:
    children = site.children()
    site.process.send_signal(number)
    assert site.wait_until_ended() == 0
    assert [child for child in children if child.is_running()] == []
    assert not (site.var_dir / "run" / "processes.json").exists()


def test_the_log_outlives_a_restart(site: RunningSite) -> None:
    site.predict()
    site.interrupt()
    with RunningSite(site.var_dir) as second:
        assert len(second.wait_until_ready().stream()) == 1


def test_only_its_user_reaches_valkey(calm_site: RunningSite) -> None:
    folder = calm_site.var_dir / "valkey"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "valkey.sock")]
    assert modes == [0o700, 0o700]


def test_a_crash_of_valkey_is_seen_and_mended(site: RunningSite) -> None:
    site.predict()
    first = site.service("valkey")
    first.kill()
    wait_until(lambda: "valkey ended with signal SIGKILL; starting it again." in site.output, 30)
    assert site.predict().status_code == 200
    wait_until(lambda: site.service("valkey").pid != first.pid, 30)
    # The spool's thread brings what was answered meanwhile.
    wait_until(lambda: len(_stream_or_nothing(site)) == 2, 30)


def _stream_or_nothing(site: RunningSite) -> list[object]:
    try:
        return site.stream()
    except redis.RedisError:
        return []


def test_a_crash_of_the_server_is_seen_and_mended(site: RunningSite) -> None:
    site.service("web").kill()
    wait_until(lambda: "web ended with signal SIGKILL; starting it again." in site.output, 30)
    wait_until(lambda: _answers(site), 30)


def test_a_crashed_worker_is_replaced(site: RunningSite) -> None:
    (worker,) = site.service("web").children()
    worker.kill()
    wait_until(lambda: _answers(site), 30)
    assert site.process.poll() is None


def _answers(site: RunningSite) -> bool:
    try:
        return site.predict().status_code == 200
    except httpx.TransportError:
        return False


def test_a_killed_supervisor_leaves_nothing_that_stops_the_next_start(site: RunningSite) -> None:
    site.predict()
    left = site.children()
    site.process.kill()
    site.process.wait()
    with RunningSite(site.var_dir, API_PORT=str(site.port)) as second:
        second.wait_until_ready()
        assert [process for process in left if process.is_running()] == []
        assert len(second.stream()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_a_killed_supervisor_takes_all_with_it(site: RunningSite) -> None:
    left = site.children()
    site.process.kill()
    assert psutil.wait_procs(left, timeout=20)[1] == []


def test_with_an_elasticsearch_the_log_reaches_it_by_itself(
    var_dir: Path, elasticsearch_url: str
) -> None:
    with RunningSite(var_dir, ES_URL=elasticsearch_url, ES_INDEX_PREFIX="run-") as site:
        answer = site.wait_until_ready().predict().json()
        wait_until(lambda: _is_indexed(elasticsearch_url, answer["transaction_id"]), 30)
        assert "log pipeline" in site.recorded()
        assert site.interrupt() == 0


def test_alerts_are_evaluated_beside_it_and_nobody_is_told_of_nothing(site: RunningSite) -> None:
    wait_until((site.var_dir / "alerts.alive").exists, 30)
    assert "alerts" in site.recorded()
    assert site.interrupt() == 0
    assert "monitoring." not in site.output


def test_without_redis_to_log_to_there_are_no_pipeline_and_no_alerts(var_dir: Path) -> None:
    with RunningSite(var_dir, LOG_TO_REDIS="false") as site:
        site.wait_until_ready()
        assert "wait in Redis" not in site.output
        assert set(site.recorded()) == {"valkey", "web"}


def _is_indexed(url: str, identity: str) -> bool:
    found = httpx.get(f"{url}/run-ml-api-logs*/_search?q=data.transaction_id:%22{identity}%22")
    return found.status_code == 200 and found.json()["hits"]["total"]["value"] == 1


def test_a_second_run_beside_the_first_is_one_line(calm_site: RunningSite) -> None:
    with RunningSite(calm_site.var_dir) as second:
        assert second.wait_until_ended() == 1
        assert second.output == (
            "heartrisk: it runs already "
            f"(process {calm_site.process.pid}, http://127.0.0.1:{calm_site.port}/). "
            "A second one needs its own VAR_DIR and API_PORT.\n"
        )


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        with RunningSite(tmp_path / "var", API_PORT=port) as site:
            assert site.wait_until_ended() == 1
            assert re.fullmatch(rf"heartrisk: port {port} of .* is in use .*\n", site.output)


@pytest.mark.parametrize(
    ("name", "value"),
    [("LOG_LEVEL", "LOUD"), ("API_HOST", "no.such.invalid"), ("VAR_DIR", "/proc/nothing")],
)
def test_a_bad_variable_is_one_line_that_names_it(name: str, value: str, tmp_path: Path) -> None:
    with RunningSite(tmp_path / "var", **{name: value}) as site:
        assert site.wait_until_ended() == 1
        assert re.fullmatch(rf"heartrisk: {name}.*\n", site.output)


def test_a_bad_variable_is_one_line_through_make_too() -> None:
    command = ["make", "--assume-old=.venv/run.stamp", f"PY={sys.executable}", "run"]
    done = subprocess.run(
        [*command, "API_PORT=eighty"], cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    ours, makes = done.stderr.splitlines()
    assert ours == "heartrisk: API_PORT='eighty' is not a whole number."
    # make counts itself where `make test` runs this.
    assert re.match(r"make(\[\d+\])?: \*\*\* ", makes)


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    nowhere = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    with RunningSite(tmp_path / "var", DATABASE_URL=nowhere) as site:
        assert site.wait_until_ended() == 1
        assert "heartrisk: the database cannot be used: " in site.output
        assert "Traceback" not in site.output


def test_it_uses_the_redis_that_the_environment_names(var_dir: Path, own_valkey: Valkey) -> None:
    with RunningSite(var_dir, REDIS_URL=own_valkey.url) as site:
        site.wait_until_ready().predict()
        names = {child.name() for child in site.children()}
        assert "valkey-server" not in names
        wait_until(lambda: own_valkey.client().xlen(STREAM_KEY) == 1)


def test_it_works_in_a_folder_too_deep_for_a_socket_with_blanks_in_its_name(
    var_dir: Path,
) -> None:
    deep = var_dir.parent / ("a folder " * 10).strip() / "var"
    shutil.copytree(var_dir, deep)
    with RunningSite(deep) as site:
        site.wait_until_ready().predict()
        assert len(site.stream()) == 1
        assert stat.S_IMODE((deep / "valkey" / "password").stat().st_mode) == 0o600


def test_it_listens_on_ipv6(var_dir: Path) -> None:
    with RunningSite(var_dir, API_HOST="::1") as site:
        assert site.wait_until_ready().predict("[::1]").status_code == 200


def test_it_listens_on_every_address_and_says_to_which_names_it_answers(var_dir: Path) -> None:
    everywhere = "0.0.0.0"  # noqa: S104
    with RunningSite(var_dir, API_HOST=everywhere, PUBLIC_PREDICTIONS="true") as site:
        assert site.wait_until_ready().predict().status_code == 200
        assert "answering to ALLOWED_HOSTS only: localhost, 127.0.0.1, [::1]." in site.output


def test_it_starts_without_a_model_and_says_so(var_dir: Path, tmp_path: Path) -> None:
    with RunningSite(var_dir, MODEL_PATH=str(tmp_path / "no.pkl")) as site:
        site.wait_until_ready()
        assert "predictions cannot be answered yet" in site.output
        assert site.predict().status_code == 503


def test_the_development_server_reloads_and_has_silk(var_dir: Path) -> None:
    with RunningSite(var_dir, "--dev") as site:
        site.wait_until_ready()
        # The reloader watches the files; its child, which it starts anew, answers.
        assert len(site.service("web").children()) == 1
        silk = httpx.get(f"http://127.0.0.1:{site.port}/silk/", follow_redirects=True, timeout=30)
        assert "next=/silk/" in str(silk.url)
        assert site.predict().status_code == 200
        assert site.interrupt() == 0
