"""An Elasticsearch for one benchmark, with a heap as a small site's would have."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from benchmarks.services import ROOT, process, wait_until
from tools.clean_environment import clean_environment
from tools.elasticsearch import node
from tools.run.address import free_port
from tools.run.log_pipeline import is_up

_HOME: Final = ROOT / "var" / "elasticsearch"
_HEAP_MB: Final = 1024


@contextmanager
def elasticsearch(var_dir: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Its URL and its process, its data in ``var_dir``. SystemExit where it cannot run here."""
    if missing := node.available():
        raise SystemExit(f"heartrisk: this benchmark needs Elasticsearch, and {missing}.")
    node.install(_HOME)
    data, port = var_dir / "elasticsearch", free_port()
    node.prepare(data)
    java = node.command(_HOME, data, port, heap_mb=_HEAP_MB, owner=os.getpid())
    with process(java, clean_environment()) as server:
        wait_until(lambda: is_up(str(port)))
        yield f"http://127.0.0.1:{port}", psutil.Process(server.pid)
