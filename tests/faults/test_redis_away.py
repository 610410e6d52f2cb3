"""F17, F19, F25 of the log: Redis stopped, killed, hanging, full, while requests run."""

import os
import signal
import time
from dataclasses import dataclass

import pytest

from tests.conftest import Valkey
from tests.faults.site import Load, Site, percentile
from tests.waiting import wait_until_delivered

USUAL_SECONDS = 1.5
AWAY_SECONDS = 2.5
ALLOWED_MS = 50


def hang(valkey: Valkey) -> None:
    assert valkey.process is not None
    os.kill(valkey.process.pid, signal.SIGSTOP)


def go_on(valkey: Valkey) -> None:
    assert valkey.process is not None
    os.kill(valkey.process.pid, signal.SIGCONT)


def fill(valkey: Valkey) -> None:
    valkey.client().config_set("maxmemory", 1)


def make_room(valkey: Valkey) -> None:
    valkey.client().config_set("maxmemory", 0)


OUTAGES = {
    "stopped": (Valkey.stop, Valkey.start),
    "killed": (Valkey.kill, Valkey.start),
    "hanging": (hang, go_on),
    "full": (fill, make_room),
}


@dataclass
class Outage:
    """What clients saw before and during one outage, and what waited in the spool."""

    load: Load
    began: float
    ended: float
    waiting: int

    def percentiles(self, rank: float) -> tuple[float, float]:
        """(before, during), in milliseconds."""
        before = self.load.latencies(self.began - USUAL_SECONDS, self.began)
        during = self.load.latencies(self.began, self.ended)
        return percentile(before, rank), percentile(during, rank)


@pytest.fixture(scope="module", params=OUTAGES)
def outage(request: pytest.FixtureRequest, site: Site) -> Outage:
    go_away, come_back = OUTAGES[request.param]
    with Load(site.port) as load:
        time.sleep(USUAL_SECONDS)
        began = time.monotonic()
        go_away(site.valkey)
        time.sleep(AWAY_SECONDS)
        waiting = site.spool.waiting()
        ended = time.monotonic()
        come_back(site.valkey)
        time.sleep(0.5)
    return Outage(load, began, ended, waiting)


def test_every_request_is_answered(outage: Outage) -> None:
    assert {answer.status for answer in outage.load.answers} == {200}
    assert outage.load.broken == 0


def test_requests_take_hardly_longer(outage: Outage) -> None:
    for rank in (50, 95):
        before, during = outage.percentiles(rank)
        assert during < before + ALLOWED_MS, f"p{rank}: {before:.1f} ms, then {during:.1f} ms"


def test_entries_wait_and_all_of_them_arrive(outage: Outage, site: Site) -> None:
    assert outage.waiting > 0
    wait_until_delivered(site.folder)
    assert outage.load.ids <= site.delivered()
    assert site.spool.dropped() == 0


def test_the_workers_do_not_grow(outage: Outage, site: Site) -> None:
    # A worker with the model has about 150 MB; hoarded entries or connections would show.
    assert all(worker.memory_info().rss < 400_000_000 for worker in site.workers())
