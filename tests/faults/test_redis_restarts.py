"""F17 to F20: Redis goes away and comes back, is emptied, is full, or cuts what is not read yet."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from logpipeline.delivery.options import Options
from logpipeline.delivery.pipeline import Pipeline
from predictions.log.transaction_log import GROUP, STREAM_FIELD, STREAM_KEY
from tests.conftest import Valkey
from tests.faults.patient_writer import PatientWriter
from tests.faults.pipeline import INDICES, check_stored, ids, predictions
from tests.faults.proxy import TcpProxy, target_of
from tests.logpipeline.pipelines import Bench, let_through, lost, step_until
from tests.waiting import wait_until


def groups_of_ten() -> Iterator[list[bytes]]:
    while True:
        yield predictions(10)


def check_indexed(bench: Bench, given: list[bytes]) -> None:
    """Each once, and nothing left; some may have been delivered twice."""
    assert [bench.ids_in(alias) for alias in INDICES] == [ids(given)] * 3
    assert bench.at_rest()


def read_on(pipeline: Pipeline, count: int) -> None:
    """Until it has read so many more."""
    until = pipeline.counts["read"] + count
    step_until(lambda: pipeline.counts["read"] >= until, pipeline)


@pytest.mark.parametrize("go_away", [Valkey.stop, Valkey.kill], ids=["SIGTERM", "kill -9"])
def test_f17_redis_restarts_while_the_pipeline_runs(
    bench: Bench, go_away: Callable[[Valkey], None]
) -> None:
    with (
        PatientWriter(bench.valkey, groups_of_ten()) as writer,
        bench.pipeline(batch_size=50) as pipeline,
    ):
        for _ in range(2):
            read_on(pipeline, 50)
            go_away(bench.valkey)
            step_until(lambda: pipeline.troubles.has("redis"), pipeline)
            bench.valkey.start()
        read_on(pipeline, 50)
        writer.stop()
        step_until(bench.at_rest, pipeline)
    check_indexed(bench, writer.accepted)
    assert lost() == {}


def test_f17_redis_restarts_while_no_pipeline_runs(bench: Bench) -> None:
    given = predictions(100)
    bench.add(given)
    with bench.pipeline(batch_size=20) as killed:
        read_on(killed, 20)
    bench.valkey.kill()
    bench.valkey.start()
    bench.forget_the_dead()
    bench.drain()
    check_stored(bench, given)


def test_f17_a_group_that_is_gone_is_made_again_and_what_is_read_twice_stored_once(
    bench: Bench,
) -> None:
    given = predictions(100)
    bench.add(given[:60])
    with bench.blocked() as proxy, bench.pipeline(batch_size=10) as pipeline:
        read_all_it_can(bench, pipeline)
        bench.valkey.client().xgroup_destroy(STREAM_KEY, GROUP)
        bench.add(given[60:])
        proxy.inject = let_through
        # What was in hand comes again.
        step_until(lambda: bench.at_rest() and pipeline.counts["read"] == 120, pipeline)
    check_indexed(bench, given)
    assert lost() == {}


def test_f18_a_flush_while_it_runs_is_told_and_what_is_in_hand_is_indexed(bench: Bench) -> None:
    given = predictions(100)
    with bench.blocked() as proxy, bench.pipeline(batch_size=10) as pipeline:
        bench.add(given[:70])
        read_all_it_can(bench, pipeline)
        bench.valkey.client().flushall()
        bench.add(given[70:])
        proxy.inject = let_through
        step_until(lambda: bench.at_rest() and pipeline.counts["read"] == 50, pipeline)
    # Two batches were in hand.
    check_indexed(bench, given[:20] + given[70:])
    assert lost() == {"flush": 50}


def test_f18_a_flush_while_none_runs_is_told_by_the_next(bench: Bench) -> None:
    given = predictions(100)
    bench.add(given[:40])
    with bench.pipeline(batch_size=10) as pipeline:
        read_on(pipeline, 10)
        pipeline.stop()
        pipeline.run()
        left = 40 - pipeline.counts["read"]
    bench.valkey.client().flushall()
    bench.add(given[40:])
    done = bench.drain()
    assert lost() == {"flush": left}
    assert done.counts["read"] == 60


def test_f18_a_flush_of_what_was_all_indexed_is_no_loss(bench: Bench) -> None:
    bench.add(predictions(40))
    bench.drain()
    bench.valkey.client().flushall()
    bench.drain()
    assert lost() == {}


def test_f19_a_full_redis_is_emptied_by_the_pipeline(bench: Bench) -> None:
    # Where a pipeline ran before, its group is there.
    bench.drain()
    given = predictions(300)
    bench.add(given)
    fill(bench.valkey)
    with PatientWriter(bench.valkey, [predictions(10)]) as writer:
        assert not writer.accepted
        done = bench.drain(batch_size=50)
        wait_until(lambda: writer.is_done)
    assert done.counts["read"] >= 300
    bench.drain()
    check_stored(bench, given + writer.accepted)


def test_f20_what_the_safety_valve_cuts_while_no_pipeline_runs_is_counted(bench: Bench) -> None:
    bench.drain()
    given = predictions(100)
    bench.add(given)
    bench.valkey.client().xtrim(STREAM_KEY, maxlen=30, approximate=False)
    bench.drain()
    check_stored(bench, given[70:])
    assert lost() == {"safety valve": 70}


def test_f20_what_it_cuts_while_the_pipeline_runs_is_counted(bench: Bench) -> None:
    given = predictions(100)
    with bench.blocked() as proxy, bench.pipeline(batch_size=10) as pipeline:
        bench.add(given[:70])
        read_all_it_can(bench, pipeline)
        # Also what is in hand, which does it no harm.
        add_with_valve(bench, given[70:], 40)
        proxy.inject = let_through
        step_until(bench.at_rest, pipeline)
    check_stored(bench, given[:20] + given[60:])
    assert lost() == {"safety valve": 40}


def test_f20_what_it_cuts_while_a_killed_pipeline_held_it_is_counted_and_holds_up_nobody(
    bench: Bench,
) -> None:
    given = predictions(100)
    bench.add(given)
    with bench.blocked(), bench.pipeline(batch_size=10) as killed:
        read_all_it_can(bench, killed)
    bench.forget_the_dead()
    bench.valkey.client().xtrim(STREAM_KEY, maxlen=85, approximate=False)
    bench.drain(claim_after=1)
    check_stored(bench, given[15:])
    assert lost() == {"trimmed while pending": 15}


def test_f20_what_it_cuts_after_an_answer_that_was_lost_is_counted(bench: Bench) -> None:
    given = predictions(50)
    with TcpProxy(target_of(bench.valkey.url)) as proxy:
        # Nothing is asked of Redis but what is there to read.
        options = Options(interval=60, housekeeping=60)
        url = f"redis://127.0.0.1:{proxy.port}"
        with bench.pipeline(options=options, redis_url=url, redis_timeout=1) as pipeline:
            step_until(lambda: bench.pending() == {}, pipeline)
            proxy.stall()
            bench.add(given)
            step_until(lambda: pipeline.troubles.has("redis"), pipeline)
            proxy.accept()
            wait_until(lambda: len(bench.pending()) == 50)
            bench.valkey.client().xtrim(STREAM_KEY, maxlen=30, approximate=False)
            step_until(bench.at_rest, pipeline)
    check_stored(bench, given[20:])
    assert lost() == {"trimmed while pending": 20}


def fill(valkey: Valkey) -> None:
    """It takes nothing more."""
    client = valkey.client()
    memory: Any = client.info("memory")
    client.config_set("maxmemory", memory["used_memory"])
    with pytest.raises(redis.OutOfMemoryError):
        client.set("one", "more")


def add_with_valve(bench: Bench, lines: list[bytes], length: int) -> None:
    """As the site adds to a stream that nobody trims."""
    for line in lines:
        bench.valkey.client().xadd(
            STREAM_KEY, {STREAM_FIELD: line}, maxlen=length, approximate=False
        )


def read_all_it_can(bench: Bench, pipeline: Pipeline) -> None:
    """Two batches of ten."""
    step_until(lambda: len(bench.pending()) == 20, pipeline)
    # It has looked for more.
    for _ in range(3):
        pipeline.step()
