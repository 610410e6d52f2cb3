"""Where Elasticsearch is: named by the environment, or the local node under var/."""

from pathlib import Path

from heartrisk_site.environment import Environment


def elasticsearch_url(env: Environment, var_dir: Path) -> str:
    """ES_URL, or one made of ES_HOST and ES_PORT, or the local node's; "" where there is none."""
    url: str | None = env.get("ES_URL")
    if url:
        return url
    host: str | None = env.get("ES_HOST")
    if host:
        return f"http://{host}:{env.get('ES_PORT')}"
    port = recorded_port(var_dir)
    return f"http://127.0.0.1:{port}" if port else ""


def is_named(env: Environment) -> bool:
    """Whether the environment names an Elasticsearch."""
    return bool(env.get("ES_URL") or env.get("ES_HOST"))


def recorded_port(var_dir: Path) -> str:
    """Where the local node listens, or will; "" where none was started."""
    path = var_dir / "elasticsearch" / "port"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""
