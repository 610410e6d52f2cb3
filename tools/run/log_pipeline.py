"""Elasticsearch and the log pipeline beside the site: started where they can, told where not."""

import http.client
import sys
from pathlib import Path

from heartrisk_site.elasticsearch_url import is_named, recorded_port
from heartrisk_site.environment import Environment
from tools.elasticsearch import node
from tools.elasticsearch.__main__ import choose_port, is_running
from tools.run.supervisor import Service

_STATUS_WITHIN_S = 2.0


def services(env: Environment, var_dir: Path) -> tuple[list[Service], str]:
    """What to start, and one sentence where entries have to wait."""
    if not env.get("LOG_TO_REDIS"):
        return [], ""
    folder = var_dir / "elasticsearch"
    if is_named(env) or is_running(folder):
        return [_pipeline(after="web")], ""
    missing = node.available() if env.get("RUN_ELASTICSEARCH") else "RUN_ELASTICSEARCH is false"
    if missing:
        # Nobody of ours listens there any more.
        (folder / "port").unlink(missing_ok=True)
        return [], (
            f"log entries wait in Redis: no Elasticsearch is named by ES_URL, and {missing}."
        )
    # Before any process reads the settings: they take the address from there.
    folder.mkdir(parents=True, exist_ok=True)
    port = choose_port(None, env.get("ES_PORT"))
    (folder / "port").write_text(str(port), encoding="utf-8")
    return [_elasticsearch(var_dir, port), _pipeline(after="elasticsearch")], ""


def _elasticsearch(var_dir: Path, port: int) -> Service:
    """The first start fetches it: the site does not wait for that.

    After the web server: Java's start takes every processor for seconds, and the site is ready
    sooner without it beside.
    """
    return Service(
        "elasticsearch",
        [sys.executable, "-m", "tools.elasticsearch", "--quiet", "--port", str(port)],
        answers=lambda: is_up(recorded_port(var_dir)),
        essential=False,
        starts_after="web",
    )


def _pipeline(after: str) -> Service:
    """Never beside the web server's start, which is slower then and brings its tables."""
    command = [sys.executable, "manage.py", "run_log_pipeline", "--continuous", "--verbosity", "0"]
    return Service(
        "log pipeline", command, answers=lambda: True, essential=False, starts_after=after
    )


def is_up(port: str) -> bool:
    """Whether the local node answers there."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=_STATUS_WITHIN_S)
    try:
        connection.request("GET", "/_cluster/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
