"""How a pipeline ends: in order it gives back what is under way, otherwise it leaves it."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from logpipeline.delivery import pipeline as pipeline_module
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.models import DeadLetter
from tests.faults.http_proxy import Answer, HttpProxy, Request
from tests.faults.pipeline import check_stored, predictions, refused
from tests.logpipeline.pipelines import Bench, run_during, step_until


class Gate:
    """Holds bulk requests up until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def hold(self, request: Request) -> Answer | None:
        if request.is_bulk:
            self.reached.set()
            self.open.wait(30)
        return None


@pytest.fixture
def gate(bench: Bench, settings: Settings) -> Iterator[Gate]:
    """Before the Elasticsearch of the pipelines that the test makes."""
    gate = Gate()
    with HttpProxy(bench.es_url, gate.hold) as proxy:
        settings.ES_URL = proxy.url
        yield gate
        gate.open.set()


def test_what_is_under_way_lands_and_is_acknowledged(bench: Bench, gate: Gate) -> None:
    given = predictions(3)
    bench.add(given)
    with bench.pipeline() as pipeline:

        def stop_with_a_request_under_way() -> None:
            gate.reached.wait(30)
            pipeline.stop()
            gate.open.set()

        run_during(pipeline, stop_with_a_request_under_way)
    check_stored(bench, given)


def test_nothing_more_is_read_after_the_stop(bench: Bench, gate: Gate) -> None:
    given = predictions(4)
    bench.add(given)
    with bench.pipeline(batch_size=1) as pipeline:

        def stop_with_a_request_under_way() -> None:
            gate.reached.wait(30)
            pipeline.stop()
            gate.open.set()

        run_during(pipeline, stop_with_a_request_under_way)
    assert 1 <= pipeline.counts["read"] <= pipeline.source.most_in_flight


def test_what_does_not_land_is_given_back(bench: Bench) -> None:
    given = bench.add(predictions(3))
    with bench.blocked() as proxy, bench.pipeline() as pipeline:
        step_until(lambda: bool(proxy.bulks), pipeline)
        pipeline.stop()
        pipeline.run()
    assert bench.pending() == dict.fromkeys(given, 1)
    assert bench.alive() == 0


def test_another_one_takes_it_at_once(bench: Bench) -> None:
    given = predictions(3)
    bench.add(given)
    with bench.blocked() as proxy, bench.pipeline(claim_after=3600) as pipeline:
        step_until(lambda: bool(proxy.bulks), pipeline)
        pipeline.stop()
        pipeline.run()
    bench.drain()
    check_stored(bench, given)


def test_a_dead_letter_under_way_is_queued_again(bench: Bench) -> None:
    bench.add([refused(predictions(1)[0])])
    bench.drain()
    DeadLetter.objects.update(queued=True)
    with bench.blocked() as proxy, bench.pipeline() as pipeline:
        step_until(lambda: bool(proxy.bulks), pipeline)
        assert not DeadLetter.objects.get().queued
        pipeline.stop()
        pipeline.run()
    assert DeadLetter.objects.get().queued


def test_stopped_before_it_began_it_reads_nothing(bench: Bench) -> None:
    bench.add(predictions(1))
    with bench.pipeline() as pipeline:
        pipeline.stop()
        pipeline.run()
    assert pipeline.counts["read"] == 0


def test_a_dead_letter_of_a_batch_that_does_not_land_is_not_stored_yet(bench: Bench) -> None:
    """It would be sent again with the batch, and then be stored twice or for nothing."""
    bench.add([b"not JSON", *predictions(1)])
    with bench.blocked() as proxy, bench.pipeline() as pipeline:
        step_until(lambda: bool(proxy.bulks), pipeline)
        pipeline.stop()
        pipeline.run()
    assert not DeadLetter.objects.exists()
    bench.drain()
    assert DeadLetter.objects.get().tries == 1


# --- Not in order ---------------------------------------------------------------------


def test_an_error_of_our_own_counts_against_what_was_in_hand(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an entry that raises would do so at each start, for ever."""
    (given,) = bench.add(predictions(1))
    monkeypatch.setattr(pipeline_module, "prepare", fail)
    for _ in range(3):
        with bench.pipeline() as pipeline, pytest.raises(RecursionError):
            pipeline.run()
        assert bench.alive() == 1
        bench.forget_the_dead()
        bench.age_pending(timedelta(minutes=1))
    assert bench.pending() == {given: 3}


def fail(*_: object) -> Pipeline:
    raise RecursionError
