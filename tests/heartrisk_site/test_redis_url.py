"""Where Redis is."""

from pathlib import Path

import pytest
import redis

from heartrisk_site.environment import Environment
from heartrisk_site.redis_url import embedded_url, fits_a_socket, is_embedded, redis_url


def test_it_takes_redis_url_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:1/2")
    monkeypatch.setenv("REDIS_HOST", "ignored")
    assert redis_url(Environment(), tmp_path) == "redis://elsewhere:1/2"


def test_it_makes_one_of_host_port_and_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_HOST", "cache")
    monkeypatch.setenv("REDIS_PORT", "6380")
    monkeypatch.setenv("REDIS_DB", "3")
    assert redis_url(Environment(), tmp_path) == "redis://cache:6380/3"


def test_it_is_embedded_where_none_is_named(tmp_path: Path) -> None:
    assert is_embedded(Environment())
    assert redis_url(Environment(), tmp_path) == embedded_url(tmp_path)


@pytest.mark.parametrize("name", ["REDIS_URL", "REDIS_HOST"])
def test_it_is_not_embedded_where_one_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "redis://somewhere")
    assert not is_embedded(Environment())


@pytest.mark.parametrize("folder", ["/srv/heart risk", "/srv/100%/a?b#c", "/srv/cœur"])
def test_it_names_the_socket_so_that_the_client_finds_it(folder: str) -> None:
    pool = redis.ConnectionPool.from_url(embedded_url(Path(folder)))
    assert pool.connection_kwargs["path"] == f"{folder}/valkey/valkey.sock"


def test_it_counts_a_sockets_path_in_bytes() -> None:
    assert fits_a_socket(Path("/" + "a" * 106))
    assert not fits_a_socket(Path("/" + "é" * 60))


def test_it_takes_the_recorded_port_where_the_path_is_too_long(tmp_path: Path) -> None:
    var_dir = tmp_path / ("long" * 30)
    (var_dir / "valkey").mkdir(parents=True)
    (var_dir / "valkey" / "port").write_text("40123")
    (var_dir / "valkey" / "password").write_text("word")
    assert embedded_url(var_dir) == "redis://:word@127.0.0.1:40123/0"


def test_it_names_a_port_where_nobody_listens_before_one_is_recorded(tmp_path: Path) -> None:
    assert embedded_url(tmp_path / ("long" * 30)) == "redis://:@127.0.0.1:1/0"
