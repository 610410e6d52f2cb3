"""F1 to F5: kill -9 of the pipeline at each point between the read and the acknowledgement."""

import signal
import threading

import pytest

from tests.faults.http_proxy import Answer, HttpProxy, Request
from tests.faults.pipeline import (
    World,
    check_stored,
    ids,
    predictions,
    refused,
)
from tests.faults.process import PipelineProcess
from tests.waiting import wait_until

ENDS_WITHIN_S = 60
BATCHES_OF_TEN = ("--batch-size", "10")


def crash(world: World, point: str, *arguments: str, **variables: str) -> None:
    """``--once``, killed when it reaches the point."""
    with world.pipeline("--once", *arguments, CRASH_AT=point, **variables) as process:
        assert process.wait() == -signal.SIGKILL, process.log


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("after the read", id="F1-after-the-read"),
        pytest.param("after the answer", id="F3-after-the-answer"),
    ],
)
def test_f1_f3_a_kill_loses_nothing_and_stores_nothing_twice(world: World, point: str) -> None:
    given = predictions(50)
    world.add(given)
    crash(world, point)
    world.drain()
    check_stored(world, given)


@pytest.mark.parametrize(
    "arrives",
    [pytest.param(True, id="F2-it-arrives"), pytest.param(False, id="F2-it-does-not")],
)
def test_f2_a_kill_while_the_bulk_is_in_flight(world: World, arrives: bool) -> None:
    given = predictions(50)
    world.add(given)
    victims: list[PipelineProcess] = []

    def kill(request: Request) -> Answer | None:
        """Whatever is answered finds nobody."""
        if not request.is_bulk:
            return None
        victims[0].kill()
        return None if arrives else Answer(502, b"{}")

    with HttpProxy(world.es_url, kill) as proxy:
        with world.pipeline("--once", ES_URL=proxy.url) as process:
            victims.append(process)
            assert process.wait() == -signal.SIGKILL, process.log
        wait_until(lambda: proxy.answered == len(proxy.requests))
    assert world.drain()["duplicates"] == (len(given) * 3 if arrives else 0)
    check_stored(world, given)


@pytest.mark.parametrize(
    ("point", "tries"),
    [
        pytest.param("before the dead letter", 1, id="F4-before-the-dead-letter"),
        pytest.param("after the dead letter", 2, id="F4-after-the-dead-letter"),
    ],
)
def test_f4_a_dead_letter_is_one_however_often_it_was_stored(
    world: World, point: str, tries: int
) -> None:
    given = [*predictions(49), refused(predictions(1)[0])]
    world.add(given)
    crash(world, point)
    world.drain()
    assert [letter["tries"] for letter in world.dead_letters()] == [tries]
    check_stored(world, given, dead={"ml-api-logs": ids(given[-1:])})


def test_f5_a_kill_between_two_acknowledgements(world: World) -> None:
    given = predictions(50)
    world.add(given)
    killed = threading.Event()

    def hold_the_first(request: Request) -> Answer | None:
        """So that the second batch is acknowledged before it."""
        if request.is_bulk and request is proxy.bulks[0]:
            killed.wait(ENDS_WITHIN_S)
        return None

    with HttpProxy(world.es_url, hold_the_first) as proxy:
        crash(world, "after the acknowledgement", *BATCHES_OF_TEN, ES_URL=proxy.url)
        killed.set()
        assert (world.counters()["read"], world.length()) == (10, 50)
        wait_until(lambda: proxy.answered == len(proxy.requests))
    world.drain(*BATCHES_OF_TEN)
    check_stored(world, given)


def test_f5_a_kill_between_the_last_acknowledgement_and_its_trim(world: World) -> None:
    given = predictions(20)
    world.add(given)
    crash(world, "before the trim", *BATCHES_OF_TEN, CRASH_ON="2")
    assert world.counters()["read"] == 20
    world.drain()
    check_stored(world, given)
