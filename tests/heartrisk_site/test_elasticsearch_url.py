"""Where Elasticsearch is."""

from pathlib import Path

import pytest

from heartrisk_site.elasticsearch_url import elasticsearch_url, is_named
from heartrisk_site.environment import Environment


def record(var_dir: Path, text: str) -> None:
    """As the local node does."""
    (var_dir / "elasticsearch").mkdir()
    (var_dir / "elasticsearch" / "port").write_text(text)


def test_it_takes_es_url_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ES_URL", "https://elastic:secret@elsewhere:9243")
    monkeypatch.setenv("ES_HOST", "ignored")
    assert elasticsearch_url(Environment(), tmp_path) == "https://elastic:secret@elsewhere:9243"


def test_it_makes_one_of_host_and_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ES_HOST", "search")
    monkeypatch.setenv("ES_PORT", "9201")
    record(tmp_path, "40123")
    assert elasticsearch_url(Environment(), tmp_path) == "http://search:9201"


def test_it_is_the_local_node_where_none_is_named(tmp_path: Path) -> None:
    record(tmp_path, "40123\n")
    assert elasticsearch_url(Environment(), tmp_path) == "http://127.0.0.1:40123"


def test_there_is_none_where_no_node_has_been_started(tmp_path: Path) -> None:
    assert elasticsearch_url(Environment(), tmp_path) == ""


def test_there_is_none_while_its_port_is_being_written(tmp_path: Path) -> None:
    record(tmp_path, "")
    assert elasticsearch_url(Environment(), tmp_path) == ""


@pytest.mark.parametrize("name", ["ES_URL", "ES_HOST"])
def test_it_is_named_by_either_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://somewhere")
    assert is_named(Environment())


def test_it_is_not_named_by_a_port_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ES_PORT", "9201")
    assert not is_named(Environment())
