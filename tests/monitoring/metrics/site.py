"""The site as `make run` serves it: a server process and two workers."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from tests.predictions.patients import COMPLETE
from tests.site import Site
from tests.waiting import wait_until

WORKERS: Final = 2


class ServedSite(Site):
    """What it prints is in ``site.log``, both streams together."""

    def command(self, port: str) -> list[str]:
        return [sys.executable, "-m", "tools.run.web", "127.0.0.1", port, str(WORKERS)]

    def workers(self) -> list[psutil.Process]:
        """Those that live."""
        assert self._process is not None
        return psutil.Process(self._process.pid).children()

    def kill_a_worker(self) -> None:
        """kill -9; returns when another has taken its place and one of them listens."""
        worker = self.workers()[0]
        worker.kill()
        wait_until(
            lambda: (
                worker.pid not in {each.pid for each in self.workers()}
                and len(self.workers()) == WORKERS
            )
        )
        self.wait_until_it_answers()

    def predict(self, times: int = 1, **changes: Any) -> None:
        """Each on a connection of its own, so that any worker may answer it."""
        for _ in range(times):
            httpx.post(f"{self.url}/predict", json={**COMPLETE, **changes})

    def scrape(self, **headers: str) -> str:
        answer = httpx.get(f"{self.url}/metrics", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.text

    def by_worker(self) -> dict[str, str]:
        """What each worker has counted, by its file."""
        files = sorted((self.folder / "prometheus").glob("counter_*.db"))
        return {path.name: generate_latest(_OneFile(path)).decode() for path in files}


class _OneFile(Collector):
    def __init__(self, path: Path) -> None:
        self._path = path

    def collect(self) -> list[Metric]:
        return list(MultiProcessCollector.merge([str(self._path)]))


def value(text: str, name: str, labels: Mapping[str, str] | None = None) -> float:
    """The sum of the samples of that name with those labels among theirs."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and (labels or {}).items() <= sample.labels.items()
    )
