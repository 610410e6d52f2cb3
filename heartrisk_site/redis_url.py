"""Where Redis is: named by the environment, or the embedded Valkey under var/."""

from pathlib import Path
from typing import Final

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


def embedded_url(var_dir: Path) -> str:
    """The unix socket under var/; where its path is too long, the recorded loopback port."""
    socket = var_dir / "valkey" / "valkey.sock"
    if len(str(socket).encode()) <= LONGEST_SOCKET_PATH:
        return f"unix://{socket}?db=0"
    recorded = var_dir / "valkey" / "port"
    port = recorded.read_text().strip() if recorded.is_file() else "6379"
    return f"redis://127.0.0.1:{port}/0"
