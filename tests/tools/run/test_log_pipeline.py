"""What `make run` starts for the log beside the site, and what it says where it cannot."""

import fcntl
from pathlib import Path

import pytest

from heartrisk_site.elasticsearch_url import recorded_port
from heartrisk_site.environment import Environment
from tools.elasticsearch import node
from tools.run.log_pipeline import services


def started(var_dir: Path) -> tuple[list[str], str]:
    found, waits = services(Environment(), var_dir)
    return [service.name for service in found], waits


def test_a_named_elasticsearch_needs_the_pipeline_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ES_HOST", "search.example")
    assert started(tmp_path) == (["log pipeline"], "")


def test_a_local_node_is_started_before_the_pipeline_and_its_port_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node, "available", lambda: "")
    found, _ = services(Environment(), tmp_path)
    assert [(service.name, service.starts_after) for service in found] == [
        ("elasticsearch", "web"),
        ("log pipeline", "elasticsearch"),
    ]
    assert found[0].command[-1] == recorded_port(tmp_path)


def test_with_a_named_elasticsearch_the_pipeline_waits_for_the_web_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It brings the tables up to date, and the site is ready sooner.
    monkeypatch.setenv("ES_HOST", "search.example")
    found, _ = services(Environment(), tmp_path)
    assert [service.starts_after for service in found] == ["web"]


def test_neither_keeps_the_site_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "available", lambda: "")
    found, _ = services(Environment(), tmp_path)
    assert [service.essential for service in found] == [False, False]


def test_the_node_of_another_shell_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "elasticsearch"
    folder.mkdir()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert started(tmp_path) == (["log pipeline"], "")


def test_without_java_it_says_that_entries_wait_and_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    names, waits = started(tmp_path)
    assert names == []
    assert waits == (
        "log entries wait in Redis: no Elasticsearch is named by ES_URL, and "
        "Java 17 with its compiler and Maven are not on the PATH."
    )


def test_the_address_of_a_node_that_is_not_started_any_more_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUN_ELASTICSEARCH", "false")
    (tmp_path / "elasticsearch").mkdir()
    (tmp_path / "elasticsearch" / "port").write_text("9200")
    started(tmp_path)
    assert recorded_port(tmp_path) == ""


def test_a_site_that_does_not_log_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_TO_REDIS", "false")
    assert started(tmp_path) == ([], "")
