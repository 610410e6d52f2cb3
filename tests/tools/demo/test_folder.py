"""The demonstration's own folder and environment."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from heartrisk_site.elasticsearch_url import elasticsearch_url
from heartrisk_site.environment import BadConfiguration, Environment
from heartrisk_site.redis_url import embedded_url, redis_url
from heartrisk_site.variables import BASE_DIR, VARIABLES
from tools.demo.folder import FOLDER, borrow_jars, environment, record_port, take
from tools.elasticsearch import node


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def taken(folder: Path) -> Iterator[Path]:
    lock = take(folder)
    yield folder
    os.close(lock)


def test_it_is_beside_the_developers_own() -> None:
    assert FOLDER == BASE_DIR / "var" / "demo"


def test_only_its_user_can_look_into_it(taken: Path) -> None:
    assert taken.stat().st_mode & 0o777 == 0o700


def test_one_plays_at_a_time(taken: Path) -> None:
    with pytest.raises(BadConfiguration, match="a demonstration runs already in"):
        take(taken)


def test_what_an_earlier_one_left_is_emptied(folder: Path) -> None:
    os.close(take(folder))
    left = ["db.sqlite3", "valkey/appendonly.aof", "elasticsearch/data/node", "spool/1.jsonl"]
    for name in left:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    os.close(take(folder))
    assert not any((folder / name).exists() for name in left)


def test_what_takes_long_to_make_is_kept(folder: Path) -> None:
    os.close(take(folder))
    kept = ["static/.collected", "elasticsearch/jars/8/server.jar"]
    for name in kept:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    os.close(take(folder))
    assert all((folder / name).exists() for name in kept)


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").touch()
    with pytest.raises(BadConfiguration, match="holds other things than a demonstration"):
        take(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "db.sqlite3"]


def test_a_link_is_removed_and_not_what_it_leads_to(folder: Path, tmp_path: Path) -> None:
    os.close(take(folder))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (folder / "linked").symlink_to(elsewhere)
    os.close(take(folder))
    assert not (folder / "linked").is_symlink()
    assert (elsewhere / "kept").exists()


def test_the_lock_of_a_running_site_is_respected(folder: Path) -> None:
    os.close(take(folder))
    with (folder / "run" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BadConfiguration, match="it runs already"):
            take(folder)


def test_none_of_the_developers_variables_gets_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in VARIABLES:
        monkeypatch.setenv(variable.name, "the developer's")
    given = environment(folder, 8123, 500, elasticsearch=False)
    assert "the developer's" not in {given[variable.name] for variable in VARIABLES}
    assert (given["DEMO"], given["VAR_DIR"], given["API_PORT"]) == ("true", str(folder), "8123")


def test_its_servers_are_those_under_its_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://developer.example")
    for name, value in environment(folder, 8123, 500, elasticsearch=True).items():
        monkeypatch.setenv(name, value)
    env = Environment()
    assert redis_url(env, folder) == embedded_url(folder)
    assert [env.get(name) for name in ("ES_URL", "ES_HOST", "DATABASE_URL")] == [None] * 3
    assert (env.get("RUN_ELASTICSEARCH"), env.get("REDIS_LOGS_MAX_SIZE")) == (True, 500)


def test_every_run_signs_with_a_key_of_its_own(folder: Path) -> None:
    keys = {environment(folder, 1, 1, elasticsearch=False)["SECRET_KEY"] for _ in range(2)}
    assert len(keys) == 2


def test_the_port_is_where_the_settings_look_for_it(taken: Path) -> None:
    record_port(taken, "9123")
    assert elasticsearch_url(Environment(), taken) == "http://127.0.0.1:9123"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the developer's site has fetched the jars."""
    jars = node._jars(tmp_path / "home")
    (jars / "server").mkdir(parents=True)
    (jars / "server" / "server.jar").write_text("a jar")
    (jars.parent / "new-1").mkdir()
    return tmp_path / "home"


def test_jars_that_are_there_are_not_fetched_again(taken: Path, home: Path) -> None:
    borrow_jars(taken, home)
    assert node.is_installed(taken / "elasticsearch")
    assert not list((taken / "elasticsearch" / "jars").glob("new-*"))


def test_jars_on_another_disk_are_copied(
    taken: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    borrow_jars(taken, home)
    assert next((taken / "elasticsearch").rglob("server.jar")).read_text() == "a jar"


def test_where_there_are_none_none_are_borrowed(taken: Path, tmp_path: Path) -> None:
    borrow_jars(taken, tmp_path / "nowhere")
    assert not (taken / "elasticsearch").exists()
