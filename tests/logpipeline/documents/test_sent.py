"""What is sent is what the Documents say, for every kind of entry that the site logs."""

from datetime import datetime
from typing import Any

import pytest

from logpipeline.documents.mappings import INDICES
from logpipeline.entries import LogEntry, Moment, UndecodableError, decode
from predictions.log.entry import as_json
from tests.logpipeline.site_documents import EVERY_KIND, sent
from tests.predictions.logs import entry, line

MOMENT = Moment("2026-11-23T12:00:00.000000+00:00", "2026.11.23", "12", "1 Mon")


@pytest.mark.parametrize(("alias", "kind"), EVERY_KIND)
def test_a_document_is_what_is_sent(entries: dict[str, LogEntry], alias: str, kind: str) -> None:
    document = sent(alias, entries[kind])
    assert INDICES[alias].document(**document).to_dict(skip_empty=False) == document


@pytest.mark.parametrize(("alias", "kind"), EVERY_KIND)
def test_a_document_reads_each_value_as_what_it_is(
    entries: dict[str, LogEntry], alias: str, kind: str
) -> None:
    document = sent(alias, entries[kind])
    read = INDICES[alias].document.from_es({"_source": document})
    read.full_clean()
    expected = dict(document)
    for name in ("@timestamp", "timestamp"):
        expected[name] = datetime.fromisoformat(document[name])
    assert read.to_dict(skip_empty=False) == expected


@pytest.mark.parametrize(("alias", "kind"), EVERY_KIND)
def test_a_document_knows_every_field_that_is_sent(
    entries: dict[str, LogEntry], alias: str, kind: str
) -> None:
    unknown = unknown_in(sent(alias, entries[kind]), INDICES[alias].mappings())
    assert unknown == []


def unknown_in(document: dict[str, Any], mapping: dict[str, Any]) -> list[str]:
    """Keys at any level that the mapping has no field for."""
    unknown = []
    for name, value in document.items():
        field = mapping["properties"].get(name)
        if field is None:
            unknown.append(name)
        elif "properties" in field:
            for inner in value if isinstance(value, list) else [value]:
                unknown += unknown_in(inner or {}, field)
    return unknown


def test_it_would_see_an_unknown_field() -> None:
    document = {"level": "INFO", "data": {"result": {"warnings": [{"new": 1}]}}}
    assert unknown_in(document, INDICES["ml-api-logs"].mappings()) == ["new"]


def test_the_number_of_rows_is_with_the_metrics_of_the_batch(
    entries: dict[str, LogEntry],
) -> None:
    assert sent("ml-api-perfs", entries["batch"])["rows"] == 2
    assert sent("ml-api-perfs", entries["prediction"])["rows"] is None


@pytest.mark.parametrize("alias", INDICES)
def test_a_demonstrations_documents_say_so(alias: str) -> None:
    (found,) = decode(line(demo=True, performance_metrics={}))
    document = sent(alias, found)
    assert document.get("data", document)["demo"] is True
    assert unknown_in(document, INDICES[alias].mappings()) == []


@pytest.mark.parametrize("alias", INDICES)
def test_no_other_document_has_the_field(alias: str) -> None:
    (found,) = decode(line(performance_metrics={}))
    document = sent(alias, found)
    assert "demo" not in document.get("data", document)


def test_an_entry_is_passed_on_byte_by_byte() -> None:
    raw = line()
    document = INDICES["ml-api-logs"].source(decode(raw)[0])
    assert document.endswith(b"," + raw[1:])


def test_an_entry_may_begin_with_white_space() -> None:
    (found,) = decode(b" \t" + line())
    assert sent("ml-api-logs", found) == {**found.fields, **dates()}


def test_an_entry_that_a_rule_changed_is_sent_as_it_is_now() -> None:
    (found,) = decode(line())
    found.data["status"] = 418
    found.mark_changed()
    assert sent("ml-api-logs", found)["data"]["status"] == 418


def test_a_strange_timestamp_stays_inside_its_quotes() -> None:
    timestamp = '2026-11-23"12:00:00.000000+00:00'
    found = LogEntry({}, b'{"timestamp":1}', "id", MOMENT._replace(timestamp=timestamp))
    assert sent("ml-api-logs", found)["@timestamp"] == timestamp


def test_hour_and_weekday_are_those_of_utc() -> None:
    (found,) = decode(as_json({**entry(), "timestamp": "2026-11-23T00:30:00+02:00"}))
    document = sent("ml-api-logs", found)
    assert document["@timestamp"] == "2026-11-22T22:30:00.000000+00:00"
    assert [document["hour_of_day"], document["weekday"]] == ["22", "7 Sun"]


def dates() -> dict[str, str]:
    return {"@timestamp": MOMENT.timestamp, "hour_of_day": "12", "weekday": "1 Mon"}


ODD: list[tuple[str, dict[str, Any]]] = [
    ("ml-api-perfs", {}),
    ("ml-api-perfs", {"performance_metrics": None}),
    ("ml-api-perfs", {"performance_metrics": "fast"}),
    ("ml-api-perfs", {"performance_metrics": [1]}),
    ("ml-api-message", {"result": object()}),
    ("ml-api-logs", {"result": {1: "not a text"}}),
]


@pytest.mark.parametrize(("alias", "data"), ODD)
def test_an_entry_of_another_shape_is_a_dead_letter(alias: str, data: dict[str, Any]) -> None:
    odd = LogEntry({**entry(), "data": data}, None, "id", MOMENT)
    with pytest.raises(UndecodableError, match="not_an_entry"):
        INDICES[alias].source(odd)


@pytest.mark.parametrize("alias", ["ml-api-message", "ml-api-perfs"])
@pytest.mark.parametrize("data", [None, "text", [], 1])
def test_so_is_one_whose_data_a_rule_has_spoilt(alias: str, data: object) -> None:
    with pytest.raises(UndecodableError, match="not_an_entry"):
        INDICES[alias].source(LogEntry({**entry(), "data": data}, None, "id", MOMENT))


@pytest.mark.parametrize("result", [None, "YES", 1, []])
def test_a_result_of_another_shape_has_no_rows(result: object) -> None:
    data = {"performance_metrics": {}, "result": result}
    odd = LogEntry({**entry(), "data": data}, None, "id", MOMENT)
    assert sent("ml-api-perfs", odd)["rows"] is None
