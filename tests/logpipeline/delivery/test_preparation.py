"""From what came out of the stream to what is sent, or to what is dead before that."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pytest
from django.conf import settings

from logpipeline.dead_letters import Letter
from logpipeline.delivery.preparation import MOST_DELIVERIES, POISON, Prepared, Unit, prepare
from logpipeline.entries import LogEntry
from logpipeline.rules.rule import NOT_ROUTED
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.source import Delivery
from tests.faults.pipeline import predictions
from tests.logpipeline.rules.samples import EVERYTHING, drop, repair, route
from tests.predictions.logs import batch_of, line

(PREDICTION,) = predictions(1)
PERFS = route("ml-api-perfs", {"has": ["performance_metrics"]})


def delivery(content: bytes, number: int = 1, **about: Any) -> Delivery:
    return Delivery(f"handle {number}", f"{number}-0", content, **about)


def prepared(
    *deliveries: Delivery, rules: Sequence[Mapping[str, Any]] = (), prefix: str = "p-"
) -> Prepared:
    return prepare(deliveries, compile_rules(rules or settings.LOG_PIPELINE_RULES), prefix)


def lines_of(unit: Unit) -> tuple[Any, Any]:
    """The action and the document, and nothing else."""
    action, document, rest = unit.operation.split(b"\n")
    assert rest == b""
    return orjson.loads(action), orjson.loads(document)


def test_a_prediction_is_a_document_for_each_of_three_indices() -> None:
    found = prepared(delivery(PREDICTION))
    assert [(unit.alias, unit.index) for unit in found.units] == [
        ("ml-api-logs", "p-ml-api-logs-2026.11.23"),
        ("ml-api-message", "p-ml-api-message-2026.11.23"),
        ("ml-api-perfs", "p-ml-api-perfs-2026.11.23"),
    ]
    assert (found.ids, found.transactions) == (["handle 1"], 1)


def test_it_is_created_under_the_transactions_id_and_never_overwritten() -> None:
    identity = 'a "quoted"\nid'
    (unit,) = prepared(delivery(line(transaction_id=identity))).units
    action, document = lines_of(unit)
    assert action == {"create": {"_index": "p-ml-api-logs-2026.11.23", "_id": identity}}
    assert document["data"]["transaction_id"] == identity


def test_a_unit_knows_where_it_comes_from() -> None:
    (unit,) = prepared(delivery(line(transaction_id="t"), 7)).units
    assert (unit.stream_id, unit.entry.transaction_id) == ("7-0", "t")


def test_the_rows_of_a_batch_are_a_transaction_each() -> None:
    (rows,) = batch_of(1).rows
    found = prepared(delivery(rows))
    assert (len(found.ids), found.transactions, len(found.units)) == (1, 3, 3)
    assert {unit.stream_id for unit in found.units} == {"1-0"}


def test_what_cannot_be_read_is_a_letter_and_the_others_go_on() -> None:
    found = prepared(delivery(b"{", 1), delivery(line(), 2))
    assert found.letters == [Letter("1-0", "", "", b"{", "not_json")]
    assert (found.ids, len(found.units), found.transactions) == (["handle 1", "handle 2"], 1, 1)


def test_what_outlived_its_receivers_too_often_is_a_letter_and_not_looked_into() -> None:
    found = prepared(delivery(PREDICTION, deliveries=MOST_DELIVERIES + 1))
    assert found.letters == [Letter("1-0", "", "", PREDICTION, POISON)]
    assert found.units == []


def test_what_did_so_less_often_is_sent() -> None:
    assert prepared(delivery(line(), deliveries=MOST_DELIVERIES)).letters == []


def test_what_has_no_document_for_one_index_goes_to_the_others() -> None:
    content = line(transaction_id="t", performance_metrics=[1])
    found = prepared(delivery(content), rules=[EVERYTHING, PERFS])
    assert [unit.alias for unit in found.units] == ["ml-api-logs"]
    assert found.letters == [Letter("1-0", "t", "ml-api-perfs", content, "not_an_entry")]


def test_what_a_rule_spoils_is_a_letter_with_what_came() -> None:
    def spoil(entry: LogEntry) -> None:
        entry.data["status"] = object()
        entry.mark_changed()

    content = line(transaction_id="t")
    found = prepared(delivery(content), rules=[repair(spoil), EVERYTHING])
    assert found.letters == [Letter("1-0", "t", "ml-api-logs", content, "not_an_entry")]


def test_what_a_rule_drops_is_counted_under_its_name() -> None:
    rules = [drop("readers", {"method": "GET"}), EVERYTHING]
    found = prepared(*(delivery(line(method=each)) for each in ("GET", "POST", "GET")), rules=rules)
    assert (found.filtered, len(found.units)) == ({"readers": 2}, 1)


def test_what_no_rule_routes_is_counted_too() -> None:
    assert prepared(delivery(line()), rules=[PERFS]).filtered == {NOT_ROUTED: 1}


def test_a_row_that_is_dropped_leaves_the_others() -> None:
    rows = [{"transaction_id": "1", "result": {"result": "NO"}}, {"transaction_id": "2"}]
    rules = [drop("empty", {"lacks": ["result"]}), EVERYTHING]
    found = prepared(delivery(line(batch_id="b", rows=rows)), rules=rules)
    assert [unit.entry.transaction_id for unit in found.units] == ["1"]
    assert found.filtered == {"empty": 1}


def test_a_letter_of_one_index_goes_to_that_one_only() -> None:
    found = prepared(delivery(PREDICTION, only="ml-api-message"))
    assert [unit.alias for unit in found.units] == ["ml-api-message"]


def test_a_letter_whose_index_no_rule_names_any_more_is_filtered() -> None:
    found = prepared(delivery(PREDICTION, only="ml-api-message"), rules=[EVERYTHING])
    assert (found.units, found.filtered) == ([], {NOT_ROUTED: 1})


def test_nothing_is_prepared_of_nothing() -> None:
    assert prepared() == Prepared([])


@pytest.mark.parametrize("prefix", ["", "clinic-a-"])
def test_the_index_is_of_the_entrys_own_day(prefix: str) -> None:
    late = line().replace(b"2026-11-23T12:00:00.000000+00:00", b"2026-11-23T23:30:00-01:00")
    (unit,) = prepared(delivery(late), prefix=prefix).units
    assert unit.index == f"{prefix}ml-api-logs-2026.11.24"
