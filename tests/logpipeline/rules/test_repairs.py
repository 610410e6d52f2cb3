import copy
from typing import Any

import pytest

from logpipeline.rules.repairs import REPAIRS, fix_level, fix_numeric_input, fix_result_case
from tests.logpipeline.rules.samples import log_entry, prediction


@pytest.mark.parametrize(
    ("level", "repaired"),
    [("info", "INFO"), ("warn", "WARNING"), ("WARN", "WARNING"), (" Error ", "ERROR")],
)
def test_a_level_is_written_in_the_usual_way(level: str, repaired: str) -> None:
    entry = log_entry({"level": level})
    fix_level(entry)
    assert (entry.fields["level"], entry.raw) == (repaired, None)


@pytest.mark.parametrize("level", ["INFO", "loud", "", 30, None, ["info"]])
def test_any_other_level_is_left_alone(level: object) -> None:
    entry = log_entry({"level": level})
    fix_level(entry)
    assert entry.fields["level"] == level
    assert entry.raw is not None


@pytest.mark.parametrize(
    ("given", "repaired"),
    [
        ("52", 52.0),
        ("26,4", 26.4),
        (" -1.5e1 ", -15.0),
        ("old", None),
        ("", None),
        ("nan", None),
        ("1e999", None),
        ("1_000", None),
        (True, None),
        ([52], None),
        ({"AGE": 52}, None),
    ],
)
def test_an_input_is_a_number_or_null(given: object, repaired: float | None) -> None:
    entry = log_entry(input_data={"BMI": 26.4, "AGE": given})
    fix_numeric_input(entry)
    assert (entry.data["input_data"], entry.raw) == ({"BMI": 26.4, "AGE": repaired}, None)


@pytest.mark.parametrize("given", [52, 52.5, None])
def test_an_input_that_is_a_number_or_null_is_left_alone(given: float | None) -> None:
    entry = log_entry(input_data={"AGE": given})
    fix_numeric_input(entry)
    assert repr(entry.data["input_data"]["AGE"]) == repr(given)
    assert entry.raw is not None


@pytest.mark.parametrize(("given", "repaired"), [("yes", "YES"), ("No", "NO"), (" yes ", "YES")])
def test_a_result_is_written_in_capitals(given: str, repaired: str) -> None:
    entry = log_entry(result={"result": given})
    fix_result_case(entry)
    assert (entry.data["result"]["result"], entry.raw) == (repaired, None)


@pytest.mark.parametrize("given", ["YES", "perhaps", 1, None])
def test_any_other_result_is_left_alone(given: object) -> None:
    entry = log_entry(result={"result": given})
    fix_result_case(entry)
    assert entry.data["result"]["result"] == given
    assert entry.raw is not None


@pytest.mark.parametrize("name", REPAIRS)
def test_an_entry_of_the_sites_needs_no_repair(name: str) -> None:
    entry = prediction()
    REPAIRS[name](entry)
    assert entry.raw is not None


@pytest.mark.parametrize("name", REPAIRS)
@pytest.mark.parametrize("odd", [None, "text", 5, [], [{"result": "yes"}], {}])
def test_a_repair_does_nothing_to_odd_shapes(name: str, odd: Any) -> None:
    entry = log_entry({"level": odd}, input_data=odd, result=odd)
    before = copy.deepcopy(entry)
    REPAIRS[name](entry)
    assert entry == before


@pytest.mark.parametrize("name", REPAIRS)
def test_a_repair_does_nothing_to_an_entry_that_lacks_everything(name: str) -> None:
    entry = log_entry()
    entry.fields.clear()
    REPAIRS[name](entry)
    assert entry.fields == {}
