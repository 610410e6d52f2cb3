"""F21 and F22: what comes twice is stored once; what a dead pipeline held is taken over."""

import signal

import psutil

from tests.faults.pipeline import (
    INDICES,
    World,
    check_counters,
    ids,
    predictions,
)
from tests.faults.process import PipelineProcess
from tests.logpipeline.pipelines import Bench, step_until
from tests.waiting import wait_until

STARTS_WITHIN_S = 60
# A pipeline has about 110 MB; hoarded entries would show.
MOST_MEMORY = 250_000_000


def is_stopped(pipeline: PipelineProcess) -> bool:
    """By SIGSTOP."""
    return psutil.Process(pipeline.process.pid).status() == psutil.STATUS_STOPPED


def test_f21_the_same_entry_added_twice_is_stored_once(bench: Bench) -> None:
    given = predictions(50)
    bench.add(given + given[::-1])
    counts = bench.drain(batch_size=30).counts
    assert (counts["indexed"], counts["duplicates"]) == (150, 150)
    assert [bench.ids_in(alias) for alias in INDICES] == [ids(given)] * 3
    assert bench.at_rest()


def test_f21_a_slow_batch_that_another_took_over_is_stored_once(world: World) -> None:
    given = predictions(50)
    world.add(given)
    with world.pipeline(CRASH_AT="after the read", CRASH_BY="SIGSTOP") as slow:
        wait_until(lambda: is_stopped(slow), STARTS_WITHIN_S)
        assert world.drain()["indexed"] == 150
        slow.process.send_signal(signal.SIGCONT)
        wait_until(lambda: world.counters()["read"] == 100, STARTS_WITHIN_S)
        assert slow.stop() == 0
    assert slow.summary["duplicates"] == 150
    assert [world.ids_in(alias) for alias in INDICES] == [ids(given)] * 3
    assert world.at_rest()
    check_counters(world.counters(), entries=100, units=300)


def test_f21_two_that_both_hold_an_entry_count_it_each(bench: Bench) -> None:
    given = predictions(50)
    bench.add(given)
    with bench.pipeline(claim_after=1) as first, bench.pipeline(claim_after=1) as second:
        # As if Redis' clock went an hour ahead: who lives counts as dead, until it next shows.
        step_until(lambda: len(bench.pending()) == 50, first)
        bench.forget_the_dead()
        step_until(lambda: second.counts["read"] == 50, second)
        step_until(lambda: first.counts["read"] == 50, first)
        counts = first.counts + second.counts
    assert (counts["indexed"], counts["duplicates"]) == (150, 150)
    assert [bench.ids_in(alias) for alias in INDICES] == [ids(given)] * 3
    assert bench.at_rest()


def test_f22_of_four_pipelines_one_is_killed_and_the_others_take_over(world: World) -> None:
    given = predictions(400)
    small = ("--continuous", "--batch-size", "20")
    with (
        world.pipeline(*small, CRASH_AT="after the read", CRASH_ON="2") as victim,
        world.pipeline(*small) as second,
        world.pipeline(*small) as third,
        world.pipeline(*small) as fourth,
    ):
        others = (second, third, fourth)
        wait_until(lambda: world.alive() == 4, STARTS_WITHIN_S)
        for start in range(0, len(given), 50):
            world.add(given[start : start + 50])
        assert victim.wait() == -signal.SIGKILL
        wait_until(lambda: world.counters()["read"] >= len(given) and world.at_rest(), 30)
        memory = [each.most_memory for each in others]
        assert [each.stop() for each in others] == [0, 0, 0]
    assert max(memory) < MOST_MEMORY
    assert [world.ids_in(alias) for alias in INDICES] == [ids(given)] * 3
    # On a busy machine one that lives may seem dead; then an entry is counted twice.
    read = world.counters()["read"]
    check_counters(world.counters(), read, 3 * read)
