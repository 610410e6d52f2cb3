import math
from typing import Any

import numpy as np
import pytest

from predictions.features import EXAMPLE
from predictions.validation.batch import validate_rows

GOOD = dict(EXAMPLE)


def test_it_keeps_the_order_of_the_accepted_rows() -> None:
    verdict = validate_rows([{**GOOD, "AGE": 40}, {}, {**GOOD, "AGE": 60}])
    assert verdict.positions.tolist() == [0, 2]
    assert verdict.matrix[:, 0].tolist() == [40, 60]


def test_it_refuses_each_bad_row_by_itself() -> None:
    verdict = validate_rows([GOOD, {**GOOD, "AGE": 7}, GOOD])
    assert [refusal.field for refusal in verdict.refusals[1]] == ["AGE"]


def test_it_takes_no_rows() -> None:
    assert validate_rows([]).matrix.shape == (0, 14)


def test_it_marks_unknown_values() -> None:
    verdict = validate_rows([{**GOOD, "BMI": None}, {k: v for k, v in GOOD.items() if k != "BMI"}])
    assert np.isnan(verdict.matrix[:, 11]).all()


def test_it_reads_numeric_text_beside_numbers() -> None:
    verdict = validate_rows([GOOD, {**GOOD, "BMI": "26,4"}])
    assert verdict.matrix[1].tolist() == verdict.matrix[0].tolist()


@pytest.mark.parametrize("row", [None, 7, "row", [1], math.nan])
def test_it_refuses_a_row_that_is_no_object(row: object) -> None:
    (refusal,) = validate_rows([GOOD, row]).refusals[1]
    assert (refusal.field, refusal.reason) == ("row", "not_an_object")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"BMI": math.nan}, "not_finite"),
        ({"BMI": 10**400}, "not_finite"),
        ({"BMI": True}, "not_a_number"),
        ({"GENDER": 0.5}, "not_a_choice"),
        ({"AGE": None}, "required"),
        ({"DIA_BP": 134}, "not_below_systolic"),
        ({"CIGS_PER_DAY": 1}, "smoking_contradiction"),
        ({"AGGE": 1}, "unknown_field"),
    ],
)
def test_it_refuses_what_a_single_row_may_not_hold(changes: dict[str, Any], reason: str) -> None:
    (refusal,) = validate_rows([GOOD, {**GOOD, **changes}]).refusals[1]
    assert refusal.reason == reason


def test_it_refuses_a_wrong_name_in_place_of_an_optional_one() -> None:
    row = {k: v for k, v in GOOD.items() if k != "BMI"} | {"BMII": 26.4}
    assert [refusal.reason for refusal in validate_rows([row]).refusals[0]] == ["unknown_field"]
