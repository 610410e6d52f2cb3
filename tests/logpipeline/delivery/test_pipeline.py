"""The loop on the real Valkey and the real Elasticsearch: everything ends where it belongs."""

import time

import httpx
import pytest
from elasticsearch import Elasticsearch

from logpipeline.delivery.counts import Counts
from logpipeline.delivery.options import Options
from logpipeline.sources.source import ConflictError
from predictions.log.reader import HTTP_READER_KEY
from predictions.log.transaction_log import STREAM_KEY
from tests.faults.pipeline import INDICES, check_stored, ids, predictions, refused
from tests.logpipeline.pipelines import Bench, run_during, step_until
from tests.logpipeline.rules.samples import EVERYTHING, drop
from tests.predictions.logs import batch_of
from tests.waiting import wait_until

# So many looks at what one transaction takes; the best shows what the machine's other work hides.
LOOKS = 3
SEARCHABLE_WITHIN_S = 2.0


def counted(bench: Bench) -> Counts:
    """The counters in Redis, without those that are 0."""
    return Counts(+bench.counters())


# --- Once -----------------------------------------------------------------------------


def test_once_drains_what_is_there_and_returns(bench: Bench) -> None:
    given = predictions(120)
    bench.add(given)
    pipeline = bench.drain(batch_size=50)
    check_stored(bench, given)
    assert (pipeline.counts["read"], pipeline.counts["indexed"]) == (120, 360)


def test_once_with_nothing_to_do_returns(bench: Bench) -> None:
    assert +bench.drain().counts == Counts()


def test_the_counters_in_redis_are_those_of_the_run(bench: Bench) -> None:
    bench.add([*predictions(10), b"not JSON", refused(predictions(1)[0])])
    pipeline = bench.drain(rules=[drop("failing", fail), EVERYTHING], batch_size=5)
    assert counted(bench) == +pipeline.counts
    assert pipeline.counts.parts("rule_errors") == {"failing": 11}


def fail(_entry: object) -> bool:
    raise LookupError


def test_a_batchs_rows_are_transactions_of_their_own(bench: Bench) -> None:
    batch = batch_of(parts=2)
    bench.add(list(batch))
    counts = bench.drain().counts
    assert (counts["read"], counts["transactions"]) == (3, 7)
    assert len(bench.ids_in("ml-api-logs")) == 7


def test_an_entry_that_came_twice_is_stored_once(bench: Bench) -> None:
    given = predictions(3)
    bench.add(given + given)
    counts = bench.drain().counts
    check = [bench.ids_in(alias) for alias in INDICES]
    assert check == [ids(given)] * 3
    assert (counts["indexed"], counts["duplicates"]) == (9, 9)


def test_a_second_run_stores_what_came_before_once(bench: Bench) -> None:
    given = predictions(3)
    for _ in range(2):
        bench.add(given)
        bench.drain()
    assert counted(bench)["duplicates:ml-api-message"] == 3
    assert bench.ids_in("ml-api-message") == ids(given)


def test_what_the_rules_take_out_is_counted_by_their_names(bench: Bench) -> None:
    given = predictions(4)
    bench.add(given)
    counts = bench.drain(rules=[drop("no predictions", {"path": "/predict"}), EVERYTHING]).counts
    assert counts.parts("filtered") == {"no predictions": 4}
    assert (counts["indexed"], bench.at_rest()) == (0, True)


# --- Making ready ---------------------------------------------------------------------


def templates(elastic: Elasticsearch, bench: Bench) -> set[str]:
    found = elastic.options(ignore_status=404).indices.get_index_template(name=f"{bench.prefix}*")
    return {each["name"].removeprefix(bench.prefix) for each in found.get("index_templates", ())}


def test_it_puts_the_templates_in_place_by_itself(bench: Bench, elastic: Elasticsearch) -> None:
    bench.drain()
    assert templates(elastic, bench) == set(INDICES)


def test_an_index_has_the_mapping_and_the_alias_of_its_template(
    bench: Bench, elastic: Elasticsearch
) -> None:
    bench.add(predictions(1))
    bench.drain()
    assert is_ours(elastic, bench)


def is_ours(elastic: Elasticsearch, bench: Bench) -> bool:
    """The index was made by its template: one alias, nothing mapped by guessing."""
    alias = f"{bench.prefix}ml-api-logs"
    found = elastic.options(ignore_status=404).indices.get(index=f"{alias}-*")
    return bool(found.body) and all(
        set(index["aliases"]) == {alias} and index["mappings"]["dynamic"] == "strict"
        for index in found.body.values()
    )


def empty(elastic: Elasticsearch, bench: Bench) -> None:
    """As if another server stood in its place."""
    for name in elastic.indices.get(index=f"{bench.prefix}*"):
        elastic.indices.delete(index=name)
    elastic.indices.delete_index_template(name=f"{bench.prefix}*")


def test_a_server_that_was_emptied_while_nothing_came_is_made_ready_again(
    bench: Bench, elastic: Elasticsearch
) -> None:
    now = [1000.0]
    with bench.pipeline(clock=lambda: now[0]) as pipeline:
        bench.add(predictions(1))
        step_until(bench.at_rest, pipeline)
        empty(elastic, bench)
        now[0] += 10
        given = predictions(1)
        bench.add(given)
        step_until(bench.at_rest, pipeline)
    assert is_ours(elastic, bench)
    assert bench.ids_in("ml-api-logs") == ids(given)


def test_it_does_not_read_before_the_templates_are_in_place(
    bench: Bench, elastic: Elasticsearch
) -> None:
    """An index has the name that the alias should have."""
    elastic.indices.create(index=f"{bench.prefix}ml-api-logs")
    bench.add(predictions(1))
    with bench.pipeline() as pipeline:
        for _ in range(5):
            pipeline.step()
        assert "there can be no alias of that name" in str(pipeline.troubles)
        elastic.indices.delete(index=f"{bench.prefix}ml-api-logs")
        step_until(bench.at_rest, pipeline)


def test_where_the_log_is_read_over_http_it_ends_at_once(bench: Bench) -> None:
    bench.valkey.client().set(HTTP_READER_KEY, "1-0")
    with bench.pipeline() as pipeline, pytest.raises(ConflictError):
        pipeline.run()


# --- Continuous -----------------------------------------------------------------------


def is_found(bench: Bench, identity: str) -> bool:
    """Without a refresh of our own."""
    url = f"{bench.es_url}/{bench.prefix}ml-api-logs/_search"
    query = {"query": {"term": {"data.transaction_id": identity}}}
    return bool(httpx.post(url, json=query).json().get("hits", {}).get("hits"))


def time_to_find_one(bench: Bench) -> float:
    """Seconds from its writing on."""
    given = predictions(1)
    began = time.monotonic()
    bench.add(given)
    wait_until(lambda: is_found(bench, ids(given)[0]), 30)
    return time.monotonic() - began


def test_a_transaction_is_searchable_within_two_seconds(bench: Bench) -> None:
    with bench.pipeline(options=Options()) as pipeline:
        took = run_during(pipeline, lambda: [time_to_find_one(bench) for _ in range(LOOKS)])
    assert min(took) < SEARCHABLE_WITHIN_S


def test_entries_come_and_go_until_it_is_stopped(bench: Bench) -> None:
    given = predictions(30)

    def add_in_pieces() -> None:
        for start in range(0, 30, 10):
            bench.add(given[start : start + 10])
            wait_until(lambda: bench.valkey.client().xlen(STREAM_KEY) == 0, 30)

    with bench.pipeline() as pipeline:
        run_during(pipeline, add_in_pieces)
    check_stored(bench, given)


def test_what_is_done_is_told_at_every_housekeeping(bench: Bench) -> None:
    told: list[int] = []
    bench.add(predictions(3))
    with bench.pipeline(
        options=Options(once=True, housekeeping=0),
        on_housekeeping=lambda pipeline: told.append(pipeline.counts["read"]),
    ) as pipeline:
        pipeline.run()
    assert (told[0], told[-1]) == (0, 3)
