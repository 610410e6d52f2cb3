"""F27: web workers are killed under load while Redis goes away and comes back."""

import time
from dataclasses import dataclass

import pytest

from tests.faults.site import Load, Site
from tests.waiting import wait_until, wait_until_delivered


@dataclass
class Aftermath:
    """The clients' own account of it."""

    load: Load
    waiting: int
    orphans: int


@pytest.fixture(scope="module")
def aftermath(site: Site) -> Aftermath:
    with Load(site.port) as load:
        time.sleep(0.5)
        site.valkey.kill()
        time.sleep(0.5)
        kill_one(site)
        time.sleep(0.7)
        # The other one: from now until the first is started again nobody is alive.
        kill_one(site)
        waiting = site.spool.waiting()
        orphans = len(list(site.spool.folder.glob("*.jsonl")))
        wait_until(lambda: len(site.workers()) == 2)
        time.sleep(0.5)
        site.valkey.start()
        time.sleep(0.3)
        kill_one(site)
        wait_until(lambda: len(site.workers()) == 2)
    return Aftermath(load, waiting, orphans)


def kill_one(site: Site) -> None:
    # The oldest, not the first by a number that may wrap around: a server that loses the same
    # worker twice within seconds gives up, and it is the supervisor's to start it again.
    worker = min(site.workers(), key=lambda each: each.create_time())
    worker.kill()
    worker.wait(5)


def test_the_killed_workers_left_entries_behind(aftermath: Aftermath) -> None:
    assert aftermath.waiting > 0
    assert aftermath.orphans > 0


def test_every_request_that_was_answered_succeeded(aftermath: Aftermath) -> None:
    assert {answer.status for answer in aftermath.load.answers} == {200}
    assert len(aftermath.load.ids) == len(aftermath.load.answers)


def test_every_id_a_client_received_arrives(aftermath: Aftermath, site: Site) -> None:
    wait_until_delivered(site.folder, 15)
    assert aftermath.load.ids - site.delivered() == set()
    assert site.spool.dropped() == 0


def test_no_killed_workers_file_stays(aftermath: Aftermath, site: Site) -> None:
    # Each living worker keeps a file of its own once it has needed one.
    wait_until(lambda: len(list(site.spool.folder.glob("*.jsonl"))) <= 2)


def test_a_site_that_is_stopped_leaves_nothing_to_deliver(site: Site) -> None:
    wait_until_delivered(site.folder)
    with Load(site.port, pause=0) as load:
        time.sleep(0.3)
        # In the middle of it, so that some have just been answered. The clients end before it
        # does: a worker that they keep busy for 10 s is killed, and leaves its entries behind.
        site.ask_to_stop()
    site.stop()
    assert site.spool.waiting() == 0
    assert load.ids <= site.delivered()
    site.start()


def test_a_site_started_again_delivers_what_the_killed_one_left(site: Site) -> None:
    wait_until_delivered(site.folder)
    site.valkey.kill()
    with Load(site.port) as load:
        time.sleep(0.5)
    site.kill()
    waiting = site.spool.waiting()
    site.valkey.start()
    site.start()
    wait_until_delivered(site.folder)
    assert waiting == len(load.ids) > 0
    assert load.ids <= site.delivered()
