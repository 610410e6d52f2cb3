"""`make demo`, small: a real site of its own, beside a developer's own servers."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
import redis
from elasticsearch import Elasticsearch

from heartrisk_site.redis_url import embedded_url
from predictions.features import EXAMPLE
from predictions.log.transaction_log import LIST_KEY, STREAM_KEY
from tests.conftest import Valkey
from tests.waiting import wait_until
from tools.run.address import free_port

WITHIN_S = 120
INDICES = ("ml-api-logs", "ml-api-message", "ml-api-perfs")


@dataclass
class Demo:
    """A running demonstration without Elasticsearch, which has played its week."""

    folder: Path
    port: int
    process: subprocess.Popen[str]
    said: str

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(embedded_url(self.folder))


@pytest.fixture(scope="module")
def developer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """What a developer works with: a Redis, and a folder."""
    server = Valkey(tmp_path_factory.mktemp("developer"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, developer: Valkey) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("d") / "demo"
    port = free_port()
    theirs = {
        "REDIS_URL": developer.url,
        "ES_URL": f"http://127.0.0.1:{free_port()}",
        "DATABASE_URL": f"sqlite:///{developer.folder / 'db.sqlite3'}",
        "VAR_DIR": str(developer.folder / "var"),
        "DEMO_PORT": str(port),
    }
    command = [sys.executable, "-m", "tools.demo", "--requests", "150"]
    command += ["--without-elasticsearch", "--folder", str(folder)]
    output = folder.parent / "output.txt"
    with output.open("w") as file:
        process = subprocess.Popen(
            command, env=os.environ | theirs, stdout=file, stderr=subprocess.STDOUT, text=True
        )
    try:
        wait_until(
            lambda: (
                "Ctrl-C ends the demonstration" in output.read_text() or process.poll() is not None
            ),
            seconds=WITHIN_S,
        )
        yield Demo(folder, port, process, output.read_text())
    finally:
        process.kill()
        process.wait(30)


def entries_of(demo: Demo) -> list[dict[str, Any]]:
    """All that stands in its Redis."""
    with demo.redis() as client:
        window: Any = client.lrange(LIST_KEY, 0, -1)
        stream: Any = client.xrange(STREAM_KEY)
    return [orjson.loads(line) for line in [*window, *(each[b"entry"] for _, each in stream)]]


def password_in(said: str) -> str:
    found = re.search(r"sign in as 'demo', the password \(shown only now\): (\S+)", said)
    assert found is not None, said
    return found[1]


def test_it_listens_on_the_port_that_was_named_and_says_where_to_look(demo: Demo) -> None:
    assert f"look at http://127.0.0.1:{demo.port}/monitoring/" in demo.said


def test_its_user_is_staff_with_the_password_that_was_printed(demo: Demo) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{demo.port}", follow_redirects=True) as client:
        client.get("/login/")
        form = {"username": "demo", "password": password_in(demo.said), "next": "/admin/"}
        form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
        page = client.post("/login/", data=form)
        assert page.status_code == 200
        assert "Demonstration" in page.text


def test_there_is_no_other_user(demo: Demo) -> None:
    assert demo.said.count("shown only now") == 1


def test_without_elasticsearch_it_says_what_the_charts_read(demo: Demo) -> None:
    assert "without Elasticsearch the charts read Redis, which holds the whole week." in demo.said


def test_every_entry_says_that_it_is_invented(demo: Demo) -> None:
    entries = entries_of(demo)
    assert len(entries) > 2 * 150
    assert all(entry["data"]["demo"] is True for entry in entries)


def test_it_tells_of_the_alert_of_the_slow_spell(demo: Demo) -> None:
    told = re.findall(r"alert latency (\w+) at ", demo.said)
    assert (told[0], told[-1]) == ("fired", "resolved")


def test_a_visitors_prediction_says_it_too(demo: Demo) -> None:
    answer = httpx.post(f"http://127.0.0.1:{demo.port}/predict", json=dict(EXAMPLE))
    identity = answer.headers["X-Transaction-ID"]

    def found() -> list[bool]:
        """In the window and in the stream."""
        return [
            entry["data"]["demo"]
            for entry in entries_of(demo)
            if entry["data"].get("transaction_id") == identity
        ]

    wait_until(lambda: found() == [True, True])


def test_every_document_says_it_and_none_is_refused(demo: Demo, elasticsearch_url: str) -> None:
    prefix = f"test-{uuid4().hex}-"
    environment = {
        **os.environ,
        "VAR_DIR": str(demo.folder),
        "REDIS_URL": embedded_url(demo.folder),
        "ES_URL": elasticsearch_url,
        "ES_INDEX_PREFIX": prefix,
    }
    command = [sys.executable, "manage.py", "run_log_pipeline", "--once"]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    with Elasticsearch(elasticsearch_url) as client:
        try:
            client.indices.refresh(index=f"{prefix}*")
            of_demo = {
                "bool": {"should": [{"term": {name: True}} for name in ("demo", "data.demo")]}
            }
            for alias in INDICES:
                everything = client.count(index=f"{prefix}{alias}")["count"]
                assert everything > 100
                assert client.count(index=f"{prefix}{alias}", query=of_demo)["count"] == everything
        finally:
            for name in client.indices.get(index=f"{prefix}*", filter_path="*.aliases"):
                client.indices.delete(index=name)
            client.indices.delete_index_template(name=f"{prefix}*")
    assert re.search(r"dead\D+0\b", done.stdout), done.stdout


def test_nothing_of_the_developers_own_was_touched(demo: Demo, developer: Valkey) -> None:
    assert developer.client().dbsize() == 0
    made = {path.name for path in developer.folder.iterdir()}
    assert not made & {"var", "db.sqlite3"}


def test_ctrl_c_ends_it_in_order(demo: Demo) -> None:
    """The last test of the running one."""
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(40) == 0
    assert (demo.folder.parent / "output.txt").read_text().endswith("has ended.\n")


def test_its_processes_have_ended_with_it(demo: Demo) -> None:
    with pytest.raises(redis.ConnectionError):
        demo.redis().ping()
