"""F14: entries that nobody can read, or that Elasticsearch cannot: a dead letter each."""

from typing import Any

import orjson

from logpipeline.models import DeadLetter
from predictions.log.transaction_log import STREAM_FIELD, STREAM_KEY
from tests.faults.pipeline import INDICES, check_counters, check_stored, ids, predictions
from tests.logpipeline.pipelines import Bench


def changed(**fields: Any) -> bytes:
    """An entry with other fields at its top."""
    return orjson.dumps(orjson.loads(predictions(1)[0]) | fields)


def identified(identity: Any) -> bytes:
    """An entry with another transaction id."""
    made = orjson.loads(predictions(1)[0])
    made["data"]["transaction_id"] = identity
    made["data"]["performance_metrics"]["transaction_id"] = identity
    return orjson.dumps(made)


def nested(depth: int) -> bytes:
    """An entry whose message is a list in a list in a list."""
    return changed(message="here").replace(b'"here"', b"[" * depth + b"]" * depth)


def on_many_lines(entry: bytes, line_break: bytes = b"\n") -> bytes:
    return orjson.dumps(orjson.loads(entry), option=orjson.OPT_INDENT_2).replace(b"\n", line_break)


# What is in the stream -> the reason that the dead letter gives.
UNREADABLE = {
    b"": "not_json",
    b"What is this?": "not_json",
    bytes(range(256)): "not_json",
    predictions(1)[0][:200]: "not_json",
    changed(level="here").replace(b'"here"', b"NaN"): "not_json",
    changed(level="here").replace(b"here", b"\xff"): "not_json",
    changed(level="here").replace(b"here", rb"\ud800"): "not_json",
    nested(2000): "not_json",
    changed(level="x" * 20_000_000): "too_large",
    b"null": "not_an_entry",
    b"[1, 2]": "not_an_entry",
    b'{"data": {"transaction_id": "a"}}': "not_an_entry",
    changed(data=None): "not_an_entry",
    changed(data=[]): "not_an_entry",
    changed(data={}): "not_an_entry",
    changed(data={"rows": [1], "batch_id": "b"}): "not_an_entry",
    changed(data={"rows": [{"transaction_id": "a"}]}): "not_an_entry",
    identified(7): "no_transaction_id",
    identified(""): "no_transaction_id",
    identified("x" * 129): "no_transaction_id",
    changed(timestamp=1764000000): "bad_timestamp",
    changed(timestamp="yesterday"): "bad_timestamp",
    changed(timestamp="2026-11-23T12:00:00"): "bad_timestamp",
    changed(timestamp="0001-01-01T00:00:00+23:00"): "bad_timestamp",
}
ODD_BUT_READABLE = [
    on_many_lines(predictions(1)[0]),
    on_many_lines(predictions(1)[0], b"\r\n"),
    b" \t\r\n" + predictions(1)[0] + b" \n",
    nested(200),
    identified("x" * 128),
    identified("\N{PILE OF POO}" * 128),
    identified('"\n\0'),
    changed(timestamp="2026-11-23T12:00:00Z"),
    changed(timestamp="2026-11-23T01:30:00+05:30"),
    # As long as the usual way of writing it.
    changed(timestamp="2026-W48T10:30:45.12345678+00:00"),
    changed(timestamp="20261123T103045.1234567890+00:00"),
]


def test_each_unreadable_entry_is_a_dead_letter_and_holds_up_nobody(bench: Bench) -> None:
    innocent = predictions(len(UNREADABLE))
    between = [line for pair in zip(UNREADABLE, innocent, strict=True) for line in pair]
    bench.add(between)
    bench.drain()
    kept = DeadLetter.objects.order_by("id").values_list("original", "reason")
    assert {bytes(original): reason for original, reason in kept} == UNREADABLE
    check_all(bench, innocent, dead=len(UNREADABLE))


def test_an_entry_without_our_field_is_a_dead_letter(bench: Bench) -> None:
    bench.valkey.client().xadd(STREAM_KEY, {"another": predictions(1)[0]})
    bench.valkey.client().xadd(STREAM_KEY, {"another": 1, STREAM_FIELD: b""})
    bench.drain()
    assert [*DeadLetter.objects.values_list("reason", flat=True)] == ["not_json"] * 2
    check_all(bench, [], dead=2)


def test_odd_entries_are_indexed_all_the_same(bench: Bench) -> None:
    bench.add(ODD_BUT_READABLE)
    bench.drain()
    check_stored(bench, ODD_BUT_READABLE)


def test_an_entry_nested_deeper_than_it_can_be_written_keeps_its_original(bench: Bench) -> None:
    deep = on_many_lines(changed(message="here")).replace(b'"here"', b"[" * 500 + b"]" * 500)
    bench.add([deep])
    bench.drain()
    letter = DeadLetter.objects.get()
    assert (letter.reason, bytes(letter.original)) == ("not_an_entry", deep)
    check_stored(bench, [deep], dead={"ml-api-logs": ids([deep])})


def test_the_rows_of_a_batch_keep_their_own_identities(bench: Bench) -> None:
    rows = [{"transaction_id": str(number)} for number in range(3)]
    bench.add([changed(data={"transaction_id": "of none", "batch_id": "b", "rows": rows})])
    bench.drain()
    assert bench.ids_in("ml-api-logs") == ["0", "1", "2"]
    assert not DeadLetter.objects.exists()


def test_what_elasticsearch_alone_cannot_read_is_dead_in_that_index_only(bench: Bench) -> None:
    unknown = changed(unknown=1)
    twice = predictions(1)[0][:-1] + b',"level":"INFO"}'
    no_number = predictions(1)[0].replace(b'"status":200', b'"status":"high"')
    given = [*predictions(30), unknown, twice, no_number]
    bench.add(given)
    bench.drain()
    # No text of a message has a status.
    bad = {"ml-api-logs": ids([unknown, twice, no_number]), "ml-api-perfs": ids([no_number])}
    check_stored(bench, given, dead=bad)


def check_all(bench: Bench, innocent: list[bytes], dead: int) -> None:
    """The innocent are stored, the others counted, nothing is left."""
    assert [bench.ids_in(alias) for alias in INDICES] == [ids(innocent)] * 3
    assert bench.at_rest()
    check_counters(bench.counters(), len(innocent) + dead, 3 * len(innocent) + dead)
