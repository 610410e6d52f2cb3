"""Entries as they come out of the stream: decoded, one a transaction, or refused by one word."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logpipeline.entries import MOST_BYTES, LogEntry, Moment, UndecodableError, decode, moment_of
from tests.logpipeline.rules.samples import batch, log_entry, prediction
from tests.predictions.logs import entry, line

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
# Deeper than orjson writes, not deeper than it reads.
DEEP = 500


def rows(*given: Any, **data: Any) -> bytes:
    """A batch's entry of rows."""
    about = {"batch_id": "b", "part": 0, "method": "POST", "path": "/predict_batch", **data}
    fields = entry() | {"data": {**about, "rows": list(given)}}
    return orjson.dumps(fields)


def reason(content: bytes) -> str:
    with pytest.raises(UndecodableError) as caught:
        decode(content)
    return str(caught.value)


def test_an_entry_is_read_as_it_was_written() -> None:
    written = entry(status=404)
    (read,) = decode(orjson.dumps(written))
    assert (read.fields, read.data) == (written, written["data"])
    assert read.transaction_id == written["data"]["transaction_id"]


def test_the_bytes_it_came_as_are_passed_through() -> None:
    content = b" " + line()
    (read,) = decode(content)
    assert read.content() is content


def test_bytes_that_would_end_the_line_of_a_bulk_request_are_written_anew() -> None:
    content = orjson.dumps(entry(), option=orjson.OPT_INDENT_2)
    (read,) = decode(content)
    assert read.raw is None
    assert orjson.loads(read.content()) == orjson.loads(content)


def test_a_changed_entry_is_written_anew() -> None:
    read = log_entry(status=200)
    read.data["status"] = 500
    read.mark_changed()
    assert orjson.loads(read.content())["data"]["status"] == 500


def test_what_is_nested_too_deep_to_be_written_is_kept_as_it_came() -> None:
    content = line().replace(b'"status":200', b'"status":' + b"[" * DEEP + b"]" * DEEP)
    (read,) = decode(content)
    read.mark_changed()
    assert read.content() == content


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe\0", "not_json"),
        (b'{"timestamp": NaN}', "not_json"),
        (b'{"timestamp": "\\ud800"}', "not_json"),
        (b"null", "not_an_entry"),
        (b"[]", "not_an_entry"),
        (b'"text"', "not_an_entry"),
        (b"{}", "not_an_entry"),
        (orjson.dumps({"timestamp": entry()["timestamp"]}), "not_an_entry"),
        (orjson.dumps(entry() | {"data": []}), "not_an_entry"),
        (orjson.dumps(entry() | {"data": {}}), "not_an_entry"),
        (orjson.dumps(entry() | {"timestamp": None}), "bad_timestamp"),
        (orjson.dumps(entry() | {"timestamp": 1_764_000_000}), "bad_timestamp"),
        (line(transaction_id=""), "no_transaction_id"),
        (line(transaction_id=7), "no_transaction_id"),
        (line(transaction_id="x" * 129), "no_transaction_id"),
        (rows({"transaction_id": None}), "no_transaction_id"),
        (rows("row"), "not_an_entry"),
        (rows({}), "not_an_entry"),
        (orjson.dumps(entry() | {"data": {"rows": [{"transaction_id": "1"}]}}), "not_an_entry"),
    ],
)
def test_what_is_no_entry_is_refused_by_one_word(content: bytes, word: str) -> None:
    assert reason(content) == word


def test_what_is_larger_than_any_entry_is_not_even_read() -> None:
    assert reason(b" " * (MOST_BYTES + 1)) == "too_large"


def test_an_id_may_be_as_long_as_elasticsearch_takes() -> None:
    # 512 bytes.
    longest = "\N{GRINNING FACE}" * 128
    assert decode(line(transaction_id=longest))[0].transaction_id == longest


@given(st.binary() | JSON.map(orjson.dumps))
def test_whatever_comes_is_an_entry_or_refused(content: bytes) -> None:
    with pytest.raises(UndecodableError):
        decode(content)


@given(st.dictionaries(st.sampled_from(["transaction_id", "rows", "batch_id"]), JSON))
def test_whatever_its_data_are_it_is_an_entry_or_refused(data: dict[str, Any]) -> None:
    try:
        decoded = decode(orjson.dumps(entry() | {"data": data}))
    except UndecodableError:
        return
    assert all(read.transaction_id for read in decoded)


# --- When -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (
            "2026-11-24T10:30:45.123456+00:00",
            ("2026-11-24T10:30:45.123456+00:00", "2026.11.24", "10", "2 Tue"),
        ),
        # Its day in UTC is the day before.
        (
            "2026-11-23T01:00:00+02:00",
            ("2026-11-22T23:00:00.000000+00:00", "2026.11.22", "23", "7 Sun"),
        ),
        ("2027-01-01T00:00:00Z", ("2027-01-01T00:00:00.000000+00:00", "2027.01.01", "00", "5 Fri")),
        # As long as the usual one, and nothing that Elasticsearch could read.
        (
            "2026-W48-2 10:30:45,123456+00:00",
            ("2026-11-24T10:30:45.123456+00:00", "2026.11.24", "10", "2 Tue"),
        ),
    ],
)
def test_its_moment_is_in_utc_whatever_it_was_written_in(
    text: str, moment: tuple[str, str, str, str]
) -> None:
    assert moment_of(text) == Moment(*moment)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-24T10:30:45", "2026-13-01T00:00:00Z", "0001-01-01T00+14:00"]
)
def test_what_is_no_moment_with_an_offset_is_refused(text: str) -> None:
    assert reason(orjson.dumps(entry() | {"timestamp": text})) == "bad_timestamp"


# --- A batch's rows -------------------------------------------------------------------


def test_each_row_is_an_entry_of_the_usual_shape() -> None:
    _, answered, refused = batch()
    usual = {*prediction().data, "batch_id"}
    assert set(answered.data) == set(refused.data) == usual


def test_a_row_has_its_own_id_and_answer_and_the_batchs_request() -> None:
    decoded = decode(
        rows(
            {"transaction_id": "1", "input_data": {"AGE": 52}, "result": {"prediction": 0}},
            {"transaction_id": "2", "invalid_input": [{"field": "AGE"}]},
        )
    )
    shared = {"batch_id": "b", "method": "POST", "path": "/predict_batch"}
    assert [read.data for read in decoded] == [
        {
            **shared,
            "transaction_id": "1",
            "input_data": {"AGE": 52},
            "result": {"prediction": 0},
            "invalid_input": [],
            "performance_metrics": None,
        },
        {
            **shared,
            "transaction_id": "2",
            "input_data": None,
            "result": None,
            "invalid_input": [{"field": "AGE"}],
            "performance_metrics": None,
        },
    ]


def test_a_row_is_decoded_again_to_the_same_entry() -> None:
    (row,) = decode(rows({"transaction_id": "1", "result": {"prediction": 1}}))
    (again,) = decode(row.content())
    assert (again.fields, again.moment) == (row.fields, row.moment)


def test_a_row_keeps_its_id_whatever_the_batch_says() -> None:
    content = rows({"transaction_id": "1"}, {"transaction_id": "2"}, transaction_id="b", result=7)
    assert [(read.transaction_id, read.data["result"]) for read in decode(content)] == [
        ("1", None),
        ("2", None),
    ]


def test_no_rows_are_no_entries() -> None:
    assert decode(rows()) == []


def test_a_summary_is_one_entry() -> None:
    summary, *_ = batch()
    assert isinstance(summary, LogEntry)
    assert summary.data["batch_id"] == summary.transaction_id
