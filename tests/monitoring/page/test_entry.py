"""One entry as a page."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.page.entry import EntryPage, Fact, entry_page
from predictions.features import EXAMPLE
from predictions.log.entry import Entries
from tests.monitoring.traffic import NOON, Cost, batch, failure, look, prediction, refusal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
PARTS = st.sampled_from(
    ["input_data", "result", "invalid_input", "performance_metrics", "status", "path"]
)


def page(of: Entries, **data: Any) -> EntryPage:
    entry = orjson.loads(of.summary)
    entry["data"].update(data)
    return entry_page(entry)


def test_inputs_have_names_and_units() -> None:
    inputs = {each.name: (each.label, each.value) for each in page(prediction(NOON)).inputs}
    assert inputs["AGE"] == ("Age", "52 years")
    assert inputs["GENDER"] == ("Sex", "Female")
    assert len(inputs) == 14


def test_it_says_what_was_taken_for_an_unknown() -> None:
    made = prediction(NOON, inputs={**EXAMPLE, "BMI": None})
    result = {"imputed": {"BMI": 25.4}, "warnings": [{"field": "AGE", "value": 100}]}
    shown = {each.name: each for each in page(made, result=result).inputs}
    assert (shown["BMI"].value, shown["BMI"].remark) == ("unknown", "imputed: 25.4 kg/m²")
    assert shown["AGE"].remark == "outside the range of the training data"


def test_it_tells_the_answer_and_what_it_cost() -> None:
    shown = page(prediction(NOON, 0.2, cost=Cost(latency=5, inference=1.5)))
    assert Fact("Probability", "20.0%") in shown.result
    assert Fact("Time of the model", "1.50 ms") in shown.metrics


def test_it_tells_what_was_refused() -> None:
    assert page(refusal(NOON)).refused == [["AGE", "400", "too_high"]]


def test_it_tells_of_a_batch_how_many() -> None:
    result = page(batch(NOON, [0.1, 0.9], refused=1)).result
    assert Fact("Rows", "3") in result
    assert Fact("Mean probability", "50.0%") in result


def test_it_shows_the_profile() -> None:
    cost = Cost(functions={"a.py:1(slow)": (3, 4.0), "b.py:2(fast)": (1, 1.0)})
    shown = page(prediction(NOON, cost=cost)).functions
    assert [(each.name, each.calls, each.bar) for each in shown] == [
        ("slow", "3", "100%"),
        ("fast", "1", "25%"),
    ]


def test_it_says_why_there_is_no_profile() -> None:
    shown = page(prediction(NOON, cost=Cost(profiled=False)))
    assert shown.not_profiled == "another transaction was being profiled"


@pytest.mark.parametrize("made", [failure(NOON), look(NOON), prediction(NOON, cost=None)])
def test_every_kind_has_a_page(made: Entries) -> None:
    assert '"transaction_id"' in page(made).raw


@given(PARTS, JSON)
def test_it_shows_whatever_somebody_else_has_logged(part: str, value: object) -> None:
    assert page(prediction(NOON), **{part: value}).raw


@given(st.dictionaries(st.sampled_from([*EXAMPLE, "OTHER"]), JSON))
def test_it_shows_inputs_of_any_form(inputs: dict[str, object]) -> None:
    assert len(page(prediction(NOON), input_data=inputs).inputs) == len(inputs)
