"""F25: connections that stay open while nobody answers: timeouts fire, nothing hangs."""

import signal
import time

from django.conf import settings

from logpipeline.delivery.options import Options
from logpipeline.delivery.pipeline import Pipeline
from tests.faults.pipeline import INDICES, check_stored, ids, predictions
from tests.faults.proxy import TcpProxy, target_of
from tests.logpipeline.pipelines import Bench, step_until

TIMEOUT_S = 1.0
# Of a busy machine; without a timeout it would be for ever.
HANGS_NO_LONGER_S = 10


def pause(bench: Bench) -> None:
    """SIGSTOP: its connections stay open, and new ones are taken."""
    assert bench.valkey.process is not None
    bench.valkey.process.send_signal(signal.SIGSTOP)


def resume(bench: Bench) -> None:
    assert bench.valkey.process is not None
    bench.valkey.process.send_signal(signal.SIGCONT)


def until_it_is_named(kind: str, pipeline: Pipeline) -> None:
    """No step may take for ever, and the trouble is told in time."""
    since = time.monotonic()
    step_until(lambda: pipeline.troubles.has(kind), pipeline)
    assert time.monotonic() - since < HANGS_NO_LONGER_S
    assert "did not answer in time" in str(pipeline.troubles)


def test_f25_a_redis_that_hangs_is_named_and_everything_arrives(bench: Bench) -> None:
    given = predictions(100)
    bench.add(given)
    with bench.pipeline(batch_size=10, redis_timeout=TIMEOUT_S) as pipeline:
        step_until(lambda: pipeline.counts["read"] >= 20, pipeline)
        pause(bench)
        until_it_is_named("redis", pipeline)
        resume(bench)
        # An acknowledgement whose answer was lost is made again. Redis knew of it before.
        step_until(lambda: bench.at_rest() and pipeline.counts["read"] >= len(given), pipeline)
    assert [bench.ids_in(alias) for alias in INDICES] == [ids(given)] * 3
    assert bench.at_rest()
    assert pipeline.counts["read"] == len(given)


def test_f25_it_stops_while_redis_hangs(bench: Bench) -> None:
    bench.add(predictions(10))
    with bench.pipeline(redis_timeout=TIMEOUT_S) as pipeline:
        step_until(lambda: pipeline.counts["read"] == 10, pipeline)
        pause(bench)
        since = time.monotonic()
        pipeline.stop()
        pipeline.run()
        resume(bench)
    assert time.monotonic() - since < HANGS_NO_LONGER_S


def test_f25_an_elasticsearch_that_hangs_is_named_and_everything_arrives(bench: Bench) -> None:
    given = predictions(100)
    bench.add(given)
    with TcpProxy(target_of(bench.es_url)) as proxy:
        settings.ES_URL = f"http://127.0.0.1:{proxy.port}"
        with bench.pipeline(batch_size=10, es_timeout=TIMEOUT_S) as pipeline:
            step_until(lambda: pipeline.counts["read"] >= 20, pipeline)
            proxy.stall()
            until_it_is_named("elasticsearch", pipeline)
            proxy.accept()
            step_until(bench.at_rest, pipeline)
    check_stored(bench, given)


def test_f25_an_elasticsearch_that_hangs_at_the_start_holds_up_no_signal(bench: Bench) -> None:
    with TcpProxy(target_of(bench.es_url)) as proxy:
        proxy.stall()
        settings.ES_URL = f"http://127.0.0.1:{proxy.port}"
        # With the timeout that bulk requests have.
        with bench.pipeline(options=Options(interval=1)) as pipeline:
            until_it_is_named("elasticsearch", pipeline)
