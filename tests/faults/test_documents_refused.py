"""F11 and F12: Elasticsearch refuses one document of many, or every document for an index."""

import logging

import httpx
import pytest

from logpipeline.dead_letters import queue
from logpipeline.delivery.refusals import LEAST_REFUSED
from logpipeline.models import DeadLetter
from tests.faults.pipeline import SECRET, World, check_stored, ids, predictions, refused
from tests.logpipeline.pipelines import Bench, dead, step_until

# The day of all the entries that the tests make.
INDEX = "ml-api-logs-2026.11.23"
REFUSED = "Elasticsearch refuses every document for ml-api-logs."


@pytest.fixture
def refusing_index(bench: Bench) -> str:
    """Made by hand before the template was there, and knows no field."""
    return make_refusing_index(bench.es_url, bench.prefix)


def make_refusing_index(es_url: str, prefix: str) -> str:
    url = f"{es_url}/{prefix}{INDEX}"
    httpx.put(url, json={"mappings": {"dynamic": "strict"}}, timeout=30).raise_for_status()
    return url


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]


@pytest.fixture
def one_of_500(bench: Bench) -> list[bytes]:
    """Indexed together with 499 others; all of them."""
    given = [*predictions(499), refused(predictions(1)[0])]
    bench.add(given)
    bench.drain(batch_size=500)
    return given


def test_f11_one_bad_document_is_a_dead_letter_and_499_are_stored(
    bench: Bench, one_of_500: list[bytes]
) -> None:
    check_stored(bench, one_of_500, dead={"ml-api-logs": ids(one_of_500[-1:])})
    letter = DeadLetter.objects.get()
    assert bytes(letter.original) == one_of_500[-1]


def test_f11_reason_and_field_are_named_and_no_value(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bench.add([refused(predictions(1)[0])])
    bench.drain()
    letter = DeadLetter.objects.get()
    assert (letter.reason, letter.field) == ("document_parsing_exception", "data.request_id")
    assert SECRET not in caplog.text


def test_f12_where_all_are_refused_nothing_is_acknowledged_nor_dead(
    bench: Bench, refusing_index: str, caplog: pytest.LogCaptureFixture
) -> None:
    given = predictions(60)
    bench.add(given)
    with bench.pipeline(batch_size=30) as pipeline:
        step_until(
            lambda: "refuses every document for ml-api-logs" in str(pipeline.troubles), pipeline
        )
        assert (len(bench.pending()), dead()) == (60, [])
        assert len(errors(caplog)) == 1
        httpx.delete(refusing_index, timeout=30).raise_for_status()
        step_until(bench.at_rest, pipeline)
    check_stored(bench, given)


def test_f12_once_gives_up_and_the_next_run_finds_all(world: World) -> None:
    given = predictions(50)
    url = make_refusing_index(world.es_url, world.prefix)
    world.add(given)
    with world.pipeline("--once", "--give-up-after", "1") as process:
        assert process.wait() == 1, process.log
        assert REFUSED in process.log.splitlines()[-1]
    httpx.delete(url, timeout=30).raise_for_status()
    assert world.drain()["duplicates"] == 100
    check_stored(world, given)


def test_f12_when_others_are_stored_the_documents_are_at_fault(bench: Bench) -> None:
    bad = [refused(line) for line in predictions(LEAST_REFUSED)]
    bench.add(bad)
    with bench.pipeline() as pipeline:
        step_until(lambda: REFUSED in str(pipeline.troubles), pipeline)
        good = predictions(1)
        bench.add(good)
        step_until(bench.at_rest, pipeline)
    check_stored(bench, bad + good, dead={"ml-api-logs": ids(bad)})


def test_f12_dead_letters_refused_again_are_only_that(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bad = [refused(line) for line in predictions(LEAST_REFUSED)]
    bench.add([*predictions(LEAST_REFUSED), *bad])
    bench.drain()
    queue(DeadLetter.objects.all())
    with bench.pipeline() as pipeline:
        step_until(lambda: not DeadLetter.objects.exclude(tries=2), pipeline)
    assert errors(caplog) == []


def test_f12_duplicates_are_no_refusals(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    given = predictions(30)
    bench.add(given)
    bench.drain()
    again = [*given, refused(predictions(1)[0])]
    bench.add(again)
    assert bench.drain().counts["duplicates"] == 90
    check_stored(bench, given + again, dead={"ml-api-logs": ids(again[-1:])})
    assert errors(caplog) == []
