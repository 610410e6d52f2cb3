import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.features import EXAMPLE, NAMES
from predictions.validation import texts
from predictions.validation.row import Verdict, validate_row
from predictions.validation.texts import validate_texts
from tests.predictions.strategies import typed_patients

IN_ORDER = range(len(NAMES))
GOOD = [f"{value:g}" for value in EXAMPLE.values()]
RISKY = ["NA", "", " ", "nan", "inf", "1e999", "1e308", "1_0", "٣", "5\n", "0x10", "-0", "1,5"]


def with_text(name: str, text: str) -> list[str]:
    return [text if each == name else given for each, given in zip(NAMES, GOOD, strict=True)]


def one_by_one(row: list[str]) -> Verdict:
    known = {name: text for name, text in zip(NAMES, row, strict=True) if text != "NA"}
    return validate_row(known)


def assert_same(rows: list[list[str]]) -> None:
    together = validate_texts(rows, IN_ORDER)
    alone = [one_by_one(row) for row in rows]
    refused = {at: verdict.refusals for at, verdict in enumerate(alone) if verdict.refusals}
    accepted = [verdict.values for verdict in alone if verdict.values is not None]
    assert together.refusals == refused
    np.testing.assert_array_equal(together.matrix, np.array(accepted).reshape(-1, len(NAMES)))


@given(st.lists(typed_patients(), max_size=4))
def test_it_judges_typed_patients_as_one_row_is_judged(patients: list[dict[str, str]]) -> None:
    assert_same([[patient[name] for name in NAMES] for patient in patients])


@given(st.lists(st.lists(st.text(max_size=8) | st.sampled_from([*RISKY, "0", "1", "80", "120"]),
                         min_size=14, max_size=14), max_size=3))  # fmt: skip
def test_it_judges_any_text_as_one_row_is_judged(rows: list[list[str]]) -> None:
    assert_same(rows)


@pytest.mark.parametrize("text", RISKY)
@pytest.mark.parametrize("name", ["AGE", "GENDER", "BMI"])
def test_it_judges_a_risky_text_as_one_row_is_judged(name: str, text: str) -> None:
    assert_same([GOOD, with_text(name, text)])


def test_it_takes_na_for_unknown() -> None:
    matrix = validate_texts([with_text("BMI", "NA")], IN_ORDER).matrix
    assert math.isnan(matrix[0, NAMES.index("BMI")])


def test_it_finds_the_features_where_they_stand() -> None:
    row = ["a name", *reversed(GOOD)]
    verdict = validate_texts([row], range(len(NAMES), 0, -1))
    assert verdict.matrix[0].tolist() == list(EXAMPLE.values())


def test_it_takes_no_rows() -> None:
    assert validate_texts([], IN_ORDER).matrix.shape == (0, 14)


def test_it_remembers_so_many_texts_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_MOST_REMEMBERED", 20)
    rows = [with_text("BMI", f"{20 + number / 100:g}") for number in range(50)]
    assert validate_texts(rows, IN_ORDER).matrix[-1, NAMES.index("BMI")] == 20.49
    assert len(texts._NUMBERS) <= 20
