"""Where a benchmark runs: a folder, a Valkey, an Elasticsearch, and the site's own processes."""

import os
import socket
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import redis

from benchmarks.contenders import BARE
from benchmarks.services import process
from heartrisk_site.redis_url import embedded_url
from tools.clean_environment import clean_environment
from tools.elasticsearch import node
from tools.run import valkey
from tools.run.address import free_port
from tools.run.log_pipeline import is_up

ROOT: Final = Path(__file__).resolve().parent.parent
_HOME: Final = ROOT / "var" / "elasticsearch"
_HEAP_MB: Final = 1024
_WITHIN_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class World:
    """``environment`` is that of every process of the site here."""

    var_dir: Path
    environment: Mapping[str, str]

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(embedded_url(self.var_dir))

    @contextmanager
    def web(self, workers: int = 1, **changes: str) -> Iterator[int]:
        """The site as `make run` serves it; the port, once it listens."""
        port = free_port()
        command = [sys.executable, "-m", "tools.run.web", "127.0.0.1", str(port), str(workers)]
        with process(command, {**self.environment, **changes}):
            wait_for(partial(listens, port))
            yield port

    @contextmanager
    def bare(self) -> Iterator[int]:
        """The bare FastAPI service, one worker."""
        port = free_port()
        command = [part.format(port=port, workers=1) for part in BARE.command]
        with process([sys.executable, "-m", *command], dict(self.environment)):
            wait_for(partial(listens, port))
            yield port


@contextmanager
def world(var_dir: Path, elasticsearch: str = "") -> Iterator[World]:
    """With Valkey; the site's first start makes the tables.

    ``elasticsearch``: the URL of one that runs, "" starts one. Its indices have a prefix of
    this run, and are gone at the end.
    """
    with (
        _with_elasticsearch(var_dir, elasticsearch) as made,
        process(valkey.configure(var_dir), dict(made.environment)),
    ):
        wait_for(lambda: valkey.answers(var_dir))
        yield made


@contextmanager
def whole_site(var_dir: Path, elasticsearch: str = "") -> Iterator[tuple[World, int]]:
    """All that `make run` starts, but for an Elasticsearch as above; and the site's port."""
    with _with_elasticsearch(var_dir, elasticsearch) as made:
        port = free_port()
        environment = {**made.environment, "API_PORT": str(port)}
        with process([sys.executable, "-m", "tools.run"], environment):
            wait_for(partial(listens, port))
            yield made, port


@contextmanager
def _with_elasticsearch(var_dir: Path, url: str) -> Iterator[World]:
    with ExitStack() as stack:
        url = url or stack.enter_context(_elasticsearch(var_dir))
        prefix = f"bench-{uuid.uuid4().hex[:8]}-"
        stack.callback(_delete_indices, url, prefix)
        environment = clean_environment(VAR_DIR=str(var_dir), ES_URL=url, ES_INDEX_PREFIX=prefix)
        yield World(var_dir, environment)


@contextmanager
def _elasticsearch(var_dir: Path) -> Iterator[str]:
    if missing := node.available():
        raise SystemExit(f"heartrisk: this benchmark needs Elasticsearch, and {missing}.")
    node.install(_HOME)
    data, port = var_dir / "elasticsearch", free_port()
    node.prepare(data)
    java = node.command(_HOME, data, port, heap_mb=_HEAP_MB, owner=os.getpid())
    with process(java, clean_environment()):
        wait_for(lambda: is_up(str(port)))
        yield f"http://127.0.0.1:{port}"


def _delete_indices(url: str, prefix: str) -> None:
    """By their names: a server may refuse to delete by a pattern."""
    with httpx.Client(base_url=url, timeout=60) as client:
        for name in client.get(f"/_cat/indices/{prefix}*?h=index").text.split():
            client.delete(f"/{name}")
        for name in client.get(f"/_index_template/{prefix}*").json().get("index_templates", ()):
            client.delete(f"/_index_template/{name['name']}")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(
    condition: Callable[[], object], look_every: float = 0.05, within: float = _WITHIN_S
) -> None:
    """Seconds. Raises ``TimeoutError``."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"what was waited for did not come within {within:g} s")
        time.sleep(look_every)
