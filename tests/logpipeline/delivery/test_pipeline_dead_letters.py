"""What the loop cannot deliver is a dead letter, and is sent again when somebody says so."""

from elasticsearch import Elasticsearch

from logpipeline.delivery.daemon_executor import DaemonExecutor
from logpipeline.delivery.destination import Destination
from logpipeline.delivery.options import Options
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.models import DeadLetter
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.dead_letter_source import DeadLetterSource
from tests.faults.pipeline import ids, predictions, refused
from tests.logpipeline.pipelines import RETENTION_DAYS, Bench, dead, step_until
from tests.logpipeline.rules.samples import EVERYTHING, redact

# With these, ml-api-logs takes what it has refused.
REPAIRED = [redact("data.request_id"), EVERYTHING]


def test_what_cannot_be_decoded_is_a_dead_letter(bench: Bench) -> None:
    given = predictions(2)
    bench.add([given[0], b"\xff not JSON", given[1]])
    counts = bench.drain().counts
    letter = DeadLetter.objects.get()
    assert (bytes(letter.original), letter.reason) == (b"\xff not JSON", "not_json")
    assert (counts["dead"], bench.ids_in("ml-api-logs")) == (1, ids(given))


def test_what_one_index_refuses_the_others_have(bench: Bench) -> None:
    good, bad = predictions(1), refused(predictions(1)[0])
    bench.add([*good, bad])
    counts = bench.drain().counts
    assert dead() == [("document_parsing_exception", ids([bad])[0])]
    assert bench.ids_in("ml-api-logs") == ids(good)
    assert bench.ids_in("ml-api-perfs") == ids([*good, bad])
    assert counts.parts("dead") == {"document_parsing_exception": 1}


def bury(bench: Bench) -> list[bytes]:
    """Two entries of which ml-api-logs has dead letters, queued."""
    bad = [refused(line) for line in predictions(2)]
    bench.add(bad)
    bench.drain()
    DeadLetter.objects.update(queued=True)
    return bad


def test_queued_dead_letters_are_sent_again_by_a_running_pipeline(bench: Bench) -> None:
    bad = bury(bench)
    with bench.pipeline(rules=REPAIRED) as pipeline:
        step_until(lambda: not DeadLetter.objects.exists(), pipeline)
    assert bench.ids_in("ml-api-logs") == ids(bad)
    # And nothing else of them: the other indices had them.
    assert pipeline.counts["duplicates"] == 0


def test_dead_letters_queued_while_it_runs_are_seen_after_the_interval(bench: Bench) -> None:
    with bench.pipeline(rules=REPAIRED) as pipeline:
        pipeline.step()
        bad = bury(bench)
        step_until(lambda: not DeadLetter.objects.exists(), pipeline)
    assert bench.ids_in("ml-api-logs") == ids(bad)


def test_one_that_is_refused_again_stays_with_a_try_more(bench: Bench) -> None:
    bury(bench)
    bench.drain()
    rows = DeadLetter.objects.values_list("tries", "queued")
    assert list(rows) == [(2, False)] * 2


def test_more_than_a_batch_of_them_is_sent_in_one_run(bench: Bench) -> None:
    bad = [refused(line) for line in predictions(7)]
    bench.add(bad)
    bench.drain()
    DeadLetter.objects.update(queued=True)
    bench.drain(rules=REPAIRED, batch_size=2)
    assert not DeadLetter.objects.exists()
    assert bench.ids_in("ml-api-logs") == ids(bad)


def test_they_may_be_all_that_is_read(bench: Bench, elastic: Elasticsearch) -> None:
    bad = bury(bench)
    pipeline = Pipeline(
        DeadLetterSource(10),
        Destination(elastic, DaemonExecutor(), bench.prefix, RETENTION_DAYS),
        compile_rules(REPAIRED),
        Options(once=True),
    )
    pipeline.run()
    assert bench.ids_in("ml-api-logs") == ids(bad)
    assert pipeline.counts["read"] == 2


def test_they_do_not_keep_the_stream_waiting(bench: Bench) -> None:
    bury(bench)
    given = predictions(4)
    bench.add(given)
    with bench.pipeline(batch_size=2) as pipeline:
        for _ in range(3):
            pipeline.step()
        under_way = [flight.source for flight in pipeline._flights]
        assert under_way.count(pipeline.source) >= 1
        step_until(bench.at_rest, pipeline)
