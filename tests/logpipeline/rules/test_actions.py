import copy
import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from logpipeline.documents.names import INDEX_NAMES
from logpipeline.entries import LogEntry
from logpipeline.rules.actions import ACTIONS, ENDED
from logpipeline.rules.declared import DeclarationError
from tests.logpipeline.rules.samples import log_entry, prediction, refused_prediction


def act(name: str, declared: object = None) -> Callable[[LogEntry], int]:
    return ACTIONS[name].compile(declared)


def redacted(entry: LogEntry, *fields: str) -> LogEntry:
    act("redact", list(fields))(entry)
    return entry


@pytest.mark.parametrize(("place", "index"), list(enumerate(INDEX_NAMES)))
def test_a_route_has_the_bit_of_its_index(place: int, index: str) -> None:
    assert act("route", index)(log_entry()) == 1 << place


def test_a_drop_has_a_bit_of_its_own() -> None:
    assert act("drop")(log_entry()) == ENDED


def test_a_repair_is_called_by_its_name() -> None:
    entry = log_entry({"level": "warn"})
    assert act("repair", "fix_level")(entry) == 0
    assert entry.fields["level"] == "WARNING"


def test_a_repair_may_be_a_function() -> None:
    entry = log_entry()
    act("repair", forget_status)(entry)
    assert "status" not in entry.data


def test_a_repair_may_be_a_dotted_path() -> None:
    entry = log_entry()
    act("repair", f"{__name__}.{forget_status.__name__}")(entry)
    assert "status" not in entry.data


def forget_status(entry: LogEntry) -> None:
    del entry.data["status"]
    entry.mark_changed()


def test_a_redacted_value_is_null_and_the_rest_is_as_it_was() -> None:
    entry = log_entry(request_id="mine", path="/predict")
    expected = copy.deepcopy(entry.fields)
    expected["data"]["request_id"] = None
    assert orjson.loads(redacted(entry, "data.request_id").content()) == expected


def test_the_message_may_be_redacted() -> None:
    assert redacted(prediction(), "message").fields["message"] is None


def test_all_inputs_may_be_redacted_at_once() -> None:
    assert redacted(prediction(), "data.input_data").data["input_data"] is None


def test_one_input_may_be_redacted() -> None:
    inputs = redacted(prediction(), "data.input_data.AGE", "data.input_data.BMI").data["input_data"]
    assert [name for name, value in inputs.items() if value is None] == ["AGE", "BMI"]


def test_a_path_leads_through_a_list() -> None:
    entry = redacted(refused_prediction(), "data.invalid_input.value")
    expected = [{"field": "AGE", "value": None, "reason": "above_limit"}]
    assert entry.data["invalid_input"] == expected


@pytest.mark.parametrize("path", ["nothing", "data.nothing", "data.nothing.at.all", "message.text"])
def test_what_is_not_there_is_ignored(path: str) -> None:
    entry = prediction()
    before = copy.deepcopy(entry)
    assert redacted(entry, path) == before


def test_what_is_null_already_changes_nothing() -> None:
    assert redacted(log_entry(request_id=None), "data.request_id").raw is not None


@pytest.mark.parametrize("odd", [None, "text", 5, True, [], [1, [{"value": 1}]], {}])
def test_odd_shapes_are_ignored(odd: Any) -> None:
    entry = log_entry(odd=odd)
    before = copy.deepcopy(entry)
    assert redacted(entry, "data.odd.value", "data.odd.value.more") == before


@pytest.mark.parametrize("data", [None, "text", [], 5])
def test_an_entry_without_data_is_ignored(data: Any) -> None:
    entry = log_entry()
    entry.fields["data"] = data
    assert redacted(entry, "data.request_id").fields["data"] == data


@pytest.mark.parametrize(
    ("action", "declared", "wrong"),
    [
        ("route", "ml-api", "unknown index 'ml-api', known are ml-api-logs, ml-api-message, ml-"),
        ("route", None, "unknown index None,"),
        ("route", ["ml-api-logs"], "unknown index ['ml-api-logs'],"),
        ("repair", "fix_all", "unknown repair 'fix_all', known are fix_level, fix_numeric_input,"),
        ("repair", "no.such.repair", "'no.such.repair' cannot be imported"),
        ("repair", 5, "int cannot be called"),
        ("redact", "message", "must be a list, not str"),
        ("redact", [], "an empty list"),
        ("redact", [5], "must be a text, not int"),
        ("redact", ["data..result"], "'data..result' is not a dotted path"),
        ("redact", ["data."], "'data.' is not a dotted path"),
        ("redact", ["data"], "'data' cannot be redacted, an entry needs it"),
        ("redact", ["timestamp"], "'timestamp' cannot be redacted"),
        ("redact", ["data.transaction_id"], "'data.transaction_id' cannot be redacted"),
    ],
)
def test_it_refuses_what_cannot_be_meant(action: str, declared: object, wrong: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(wrong)):
        act(action, declared)
