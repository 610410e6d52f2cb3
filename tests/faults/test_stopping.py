"""F23 and F24: SIGTERM in the middle of a batch, twice, and while Elasticsearch is away."""

import signal
import threading
import time

from logpipeline.delivery.pipeline import STOP_WITHIN_S
from tests.faults.http_proxy import Answer, HttpProxy, Request
from tests.faults.pipeline import World, check_stored, predictions
from tests.faults.process import PipelineProcess
from tests.faults.proxy import TcpProxy, target_of
from tests.logpipeline.pipelines import Bench, step_until
from tests.waiting import wait_until

STARTS_WITHIN_S = 60
# Half the time until a request that hangs would end by itself.
STOPS_WITHIN_S = 15
RESTARTS = 8


class Interrupted:
    """A bulk request that takes a while; its sender gets signals meanwhile."""

    def __init__(self, signals: int, seconds: float) -> None:
        self.victim: PipelineProcess | None = None
        self.since = 0.0
        self.over = threading.Event()
        self._signals = signals
        self._seconds = seconds

    def __call__(self, request: Request) -> Answer | None:
        if request.is_bulk and self.victim is not None and not self.since:
            self.since = time.monotonic()
            for _ in range(self._signals):
                self.victim.process.send_signal(signal.SIGTERM)
                # The second one must not be taken for the first.
                time.sleep(0.2)
            self.over.wait(self._seconds)
        return None


def interrupt(world: World, how: Interrupted) -> tuple[PipelineProcess, int, float]:
    """A pipeline that ``how`` ended; its exit code, and seconds from the signal to its end."""
    with HttpProxy(world.es_url, how) as proxy:
        with world.pipeline("--continuous", "--batch-size", "20", ES_URL=proxy.url) as process:
            how.victim = process
            code = process.wait()
        took = time.monotonic() - how.since
        how.over.set()
        wait_until(lambda: proxy.answered == len(proxy.requests))
    return process, code, took


def test_f23_what_is_under_way_lands_before_the_end(world: World) -> None:
    given = predictions(100)
    world.add(given)
    process, code, took = interrupt(world, Interrupted(signals=1, seconds=1))
    assert (code, took < STOPS_WITHIN_S) == (0, True), process.log
    assert process.summary["indexed"] == 3 * process.summary["read"] > 0
    assert world.drain()["duplicates"] == 0
    check_stored(world, given)


def test_f23_what_hangs_is_given_back_before_the_end(world: World) -> None:
    given = predictions(100)
    world.add(given)
    process, code, took = interrupt(world, Interrupted(signals=1, seconds=25))
    assert (code, took < STOPS_WITHIN_S) == (0, True), process.log
    world.drain()
    check_stored(world, given)


def test_f23_a_second_signal_ends_it_at_once_and_loses_nothing(world: World) -> None:
    given = predictions(100)
    world.add(given)
    process, code, took = interrupt(world, Interrupted(signals=2, seconds=25))
    # Before what hangs would be given up.
    assert (code, took < STOP_WITHIN_S) == (0, True), process.log
    world.drain()
    check_stored(world, given)


def test_f24_it_stops_while_elasticsearch_is_away_and_gives_everything_back(world: World) -> None:
    given = predictions(50)
    with TcpProxy(target_of(world.es_url)) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        with world.pipeline("--continuous", ES_URL=url) as process:
            wait_until(lambda: world.alive() == 1, STARTS_WITHIN_S)
            # Its templates are in place; only documents are missing.
            world.add(given[:1])
            wait_until(world.at_rest, STARTS_WITHIN_S)
            proxy.refuse()
            stream_ids = world.add(given[1:])
            wait_until(lambda: "cannot be reached" in process.log, STARTS_WITHIN_S)
            since = time.monotonic()
            assert process.stop() == 0
            assert time.monotonic() - since < STOPS_WITHIN_S
    assert world.pending() == dict.fromkeys(stream_ids, 1)
    world.drain()
    check_stored(world, given)


def test_f24_restarts_while_elasticsearch_is_away_make_no_entry_a_suspect(bench: Bench) -> None:
    given = predictions(50)
    stream_ids = bench.add(given)
    with bench.blocked():
        for _ in range(RESTARTS):
            with bench.pipeline() as pipeline:
                step_until(lambda: pipeline.troubles.has("elasticsearch"), pipeline)
                pipeline.stop()
                pipeline.run()
            assert bench.pending() == dict.fromkeys(stream_ids, 1)
    bench.drain()
    check_stored(bench, given)


def test_f24_it_stops_where_elasticsearch_was_never_there(world: World) -> None:
    with world.pipeline("--continuous", ES_URL="http://127.0.0.1:9") as process:
        wait_until(lambda: "cannot be reached" in process.log, STARTS_WITHIN_S)
        since = time.monotonic()
        assert process.stop() == 0
    assert time.monotonic() - since < STOPS_WITHIN_S
