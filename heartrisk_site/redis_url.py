"""Where Redis is: named by the environment, or the embedded Valkey under var/."""

from pathlib import Path
from typing import Final
from urllib.parse import quote

from heartrisk_site.environment import Environment

# sockaddr_un.sun_path holds 108 bytes, the closing NUL among them (man 7 unix).
LONGEST_SOCKET_PATH: Final = 107


def redis_url(env: Environment, var_dir: Path) -> str:
    """REDIS_URL, or one made of REDIS_HOST, REDIS_PORT, REDIS_DB, or the embedded server's."""
    url: str | None = env.get("REDIS_URL")
    if url:
        return url
    host: str | None = env.get("REDIS_HOST")
    if host:
        return f"redis://{host}:{env.get('REDIS_PORT')}/{env.get('REDIS_DB')}"
    return embedded_url(var_dir)


def is_embedded(env: Environment) -> bool:
    """Whether `make run` starts a Valkey of its own."""
    return not (env.get("REDIS_URL") or env.get("REDIS_HOST"))


def fits_a_socket(path: Path) -> bool:
    """Whether a unix socket may have this path."""
    return len(str(path).encode()) <= LONGEST_SOCKET_PATH


def embedded_url(var_dir: Path) -> str:
    """The unix socket under var/; where its path is too long, the recorded loopback port."""
    folder = var_dir / "valkey"
    socket = folder / "valkey.sock"
    if fits_a_socket(socket):
        return f"unix://{quote(str(socket))}?db=0"
    # Port 1 while none is recorded: nobody listens there, not even somebody else's Redis.
    port = _recorded(folder / "port") or "1"
    return f"redis://:{_recorded(folder / 'password')}@127.0.0.1:{port}/0"


def _recorded(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""
