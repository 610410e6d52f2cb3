"""Where a benchmark runs: a folder, a Valkey, an Elasticsearch, and the site's own processes."""

import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import redis

from benchmarks.contenders import BARE, EVERYTHING
from benchmarks.elasticsearch import elasticsearch
from benchmarks.services import listens, process, wait_until
from heartrisk_site.redis_url import embedded_url
from tools.clean_environment import clean_environment
from tools.run import valkey
from tools.run.address import free_port


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
        with process(EVERYTHING.started_with(port, workers), {**self.environment, **changes}):
            wait_until(partial(listens, port))
            yield port

    @contextmanager
    def bare(self) -> Iterator[int]:
        """The bare FastAPI service, one worker."""
        port = free_port()
        with process(BARE.started_with(port), dict(self.environment)):
            wait_until(partial(listens, port))
            yield port


@contextmanager
def world(var_dir: Path, url: str = "") -> Iterator[World]:
    """With Valkey; the site's first start makes the tables.

    ``url``: of an Elasticsearch that runs, "" starts one. Its indices have a prefix of
    this run, and are gone at the end.
    """
    with (
        _with_elasticsearch(var_dir, url) as made,
        process(valkey.configure(var_dir), dict(made.environment)),
    ):
        wait_until(lambda: valkey.answers(var_dir))
        yield made


@contextmanager
def whole_site(var_dir: Path, url: str = "") -> Iterator[tuple[World, int]]:
    """All that `make run` starts, but for an Elasticsearch as above; and the site's port."""
    with _with_elasticsearch(var_dir, url) as made:
        port = free_port()
        environment = {**made.environment, "API_PORT": str(port)}
        with process([sys.executable, "-m", "tools.run"], environment):
            wait_until(partial(listens, port))
            yield made, port


@contextmanager
def _with_elasticsearch(var_dir: Path, url: str) -> Iterator[World]:
    with ExitStack() as stack:
        if not url:
            url, _ = stack.enter_context(elasticsearch(var_dir))
        prefix = f"bench-{uuid.uuid4().hex[:8]}-"
        stack.callback(_delete_indices, url, prefix)
        environment = clean_environment(VAR_DIR=str(var_dir), ES_URL=url, ES_INDEX_PREFIX=prefix)
        yield World(var_dir, environment)


def _delete_indices(url: str, prefix: str) -> None:
    """By their names: a server may refuse to delete by a pattern."""
    with httpx.Client(base_url=url, timeout=60) as client:
        for name in client.get(f"/_cat/indices/{prefix}*?h=index").text.split():
            client.delete(f"/{name}")
        for name in client.get(f"/_index_template/{prefix}*").json().get("index_templates", ()):
            client.delete(f"/_index_template/{name['name']}")
