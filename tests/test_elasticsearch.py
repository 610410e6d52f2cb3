"""Which Elasticsearch the tests get: the named one, or none and a loud line."""

from pathlib import Path

import psutil
import pytest

from heartrisk_site.variables import BASE_DIR

pytest_plugins = ["pytester"]

PRINTS_ITS_URL = """
def test_it_is_given_one(elasticsearch_url):
    print("tested with", elasticsearch_url)
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A run of pytest of its own, which is no worker of this one."""
    monkeypatch.delenv("HEARTRISK_TEST_RUN")
    monkeypatch.setenv("PYTHONPATH", str(BASE_DIR))
    pytester.makepyfile(PRINTS_ITS_URL)
    return pytester


def output(run: pytest.Pytester) -> str:
    plugins = ("-p", "tests.environment", "-p", "tests.elasticsearch", "-p", "no:django")
    return str(run.runpytest_subprocess("-rsP", *plugins).stdout)


def test_it_is_the_one_that_es_url_names(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ES_URL", "http://named:9243/")
    assert "tested with http://named:9243\n" in output(run)


def test_there_is_none_without_java_and_maven(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(run.path))
    assert "NOT TESTED WITH ELASTICSEARCH: Java 17 with its compiler and Maven" in output(run)


def test_a_run_ends_the_node_that_it_started(
    run: pytest.Pytester,
    elasticsearch_home: object,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert "tested with http://127.0.0.1:" in output(run)
    assert not [process for process in psutil.process_iter() if belongs_to(process, tmp_path)]
    assert not list(tmp_path.glob("heartrisk*"))


def belongs_to(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name() == "java" and str(folder) in " ".join(process.cmdline())
    except psutil.Error:
        return False
