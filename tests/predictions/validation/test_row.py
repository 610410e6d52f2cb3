import math
from typing import Any

import numpy as np
import pytest

from predictions.features import EXAMPLE, FEATURES, NAMES
from predictions.validation.row import RepeatedKeys, as_input_data, validate_row

OPTIONAL = [feature.name for feature in FEATURES if feature.unknown_allowed]
REQUIRED = [feature.name for feature in FEATURES if not feature.unknown_allowed]
LIMITED = [feature for feature in FEATURES if feature.choices is None]


def row(**changes: Any) -> dict[str, Any]:
    return {**EXAMPLE, **changes}


def value_of(name: str, given: object) -> float:
    values = validate_row(row(**{name: given})).values
    assert values is not None
    return float(values[NAMES.index(name)])


def refused(given: dict[str, Any]) -> list[tuple[str, str]]:
    """Field and reason of each refusal."""
    return [(refusal.field, refusal.reason) for refusal in validate_row(given).refusals]


def test_it_accepts_the_example_in_the_order_of_the_table() -> None:
    values = validate_row(row()).values
    assert values is not None
    assert values.tolist() == list(EXAMPLE.values())


def test_it_does_not_mind_the_order_of_the_keys() -> None:
    assert validate_row(dict(reversed(EXAMPLE.items()))).refusals == ()


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (26, 26),
        ("26.4", 26.4),
        ("26,4", 26.4),
        (" 26.4\t", 26.4),
        ("+26.", 26),
        ("2.64e1", 26.4),
        (np.float64(26.4), 26.4),
    ],
)
def test_it_takes_numbers_and_numeric_text(given: object, number: float) -> None:
    assert value_of("BMI", given) == number


@pytest.mark.parametrize("name", OPTIONAL)
@pytest.mark.parametrize("unknown", [None, "", " "])
def test_it_takes_null_and_empty_text_for_unknown(name: str, unknown: object) -> None:
    assert math.isnan(value_of(name, unknown))


@pytest.mark.parametrize("name", OPTIONAL)
def test_it_takes_an_absent_field_for_unknown(name: str) -> None:
    given = row()
    del given[name]
    assert refused(given) == []


@pytest.mark.parametrize("name", REQUIRED)
def test_it_names_a_required_field_that_is_absent(name: str) -> None:
    given = row()
    del given[name]
    assert refused(given) == [(name, "required")]


@pytest.mark.parametrize("unknown", [None, "", "  "])
def test_it_does_not_let_a_required_field_be_unknown(unknown: object) -> None:
    assert refused(row(AGE=unknown)) == [("AGE", "required")]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (True, "not_a_number"),
        (False, "not_a_number"),
        ([26], "not_a_number"),
        ({"kg": 80}, "not_a_number"),
        ("heavy", "not_a_number"),
        ("1_0", "not_a_number"),
        ("٢٦", "not_a_number"),
        ("1,000.5", "not_a_number"),
        ("0x1A", "not_a_number"),
        ("26\n", "not_a_number"),
        ("2" * 65, "not_a_number"),
        ("NaN", "not_finite"),
        ("-Infinity", "not_finite"),
        ("1e999", "not_finite"),
        (math.nan, "not_finite"),
        (math.inf, "not_finite"),
        (10**400, "not_finite"),
        (9.99, "below_limit"),
        (100.01, "above_limit"),
    ],
)
def test_it_refuses_what_is_no_measurement(given: object, reason: str) -> None:
    assert refused(row(BMI=given)) == [("BMI", reason)]


@pytest.mark.parametrize("given", [0.5, 2, -1, "2"])
def test_it_refuses_a_choice_that_is_neither_0_nor_1(given: object) -> None:
    assert refused(row(GENDER=given)) == [("GENDER", "not_a_choice")]


@pytest.mark.parametrize("feature", LIMITED, ids=lambda feature: feature.name)
def test_it_allows_both_limits_themselves(feature: Any) -> None:
    smoker = {"CURRENT_SMOKER": 1}
    pressures = {"SYS_BP": {"DIA_BP": 30}, "DIA_BP": {"SYS_BP": 300}}.get(feature.name, {})
    for limit in (feature.low, feature.high):
        assert refused(row(**smoker, **pressures, **{feature.name: limit})) == []


def test_it_says_which_limit_was_passed_in_which_unit() -> None:
    (refusal,) = validate_row(row(SYS_BP=301)).refusals
    assert (refusal.limit, refusal.unit, refusal.value) == (300, "mmHg", "301")


@pytest.mark.parametrize(
    ("name", "mmol", "milligrams"), [("TOT_CHOL", "5,2", 201), ("GLUCOSE", 5.5, 99)]
)
def test_it_shows_what_looks_like_mmol_in_mg(name: str, mmol: object, milligrams: int) -> None:
    (refusal,) = validate_row(row(**{name: mmol})).refusals
    assert refusal.reason == "looks_like_mmol"
    assert round(refusal.converted or 0) == milligrams


@pytest.mark.parametrize(("name", "value"), [("GLUCOSE", 0.9), ("TOT_CHOL", 40), ("BMI", 5)])
def test_it_gives_no_hint_where_mmol_is_unlikely(name: str, value: float) -> None:
    assert refused(row(**{name: value})) == [(name, "below_limit")]


@pytest.mark.parametrize("diastolic", [120, 121])
def test_it_wants_the_diastolic_pressure_below_the_systolic(diastolic: float) -> None:
    assert refused(row(SYS_BP=120, DIA_BP=diastolic)) == [("DIA_BP", "not_below_systolic")]


def test_it_does_not_compare_pressures_that_are_refused() -> None:
    assert refused(row(SYS_BP=20, DIA_BP=80)) == [("SYS_BP", "below_limit")]


def test_it_refuses_cigarettes_without_a_smoker() -> None:
    assert refused(row(CURRENT_SMOKER=0, CIGS_PER_DAY=20)) == [
        ("CIGS_PER_DAY", "smoking_contradiction")
    ]


def test_it_lets_a_smoker_s_cigarettes_be_unknown() -> None:
    assert refused(row(CURRENT_SMOKER=1, CIGS_PER_DAY=None)) == []


def test_it_names_unknown_fields() -> None:
    assert refused(row(AGGE=52)) == [("AGGE", "unknown_field")]


def test_it_names_only_the_first_of_very_many_unknown_fields() -> None:
    assert len(refused(row(**{f"X{number}": 1 for number in range(1000)}))) == 20


def test_it_refuses_a_field_given_twice() -> None:
    assert refused(RepeatedKeys(row(), ("AGE",))) == [("AGE", "repeated_field")]


def test_it_names_every_field_that_is_wrong() -> None:
    assert refused(row(AGE=7, BMI="x", GENDER=None)) == [
        ("AGE", "below_limit"),
        ("GENDER", "required"),
        ("BMI", "not_a_number"),
    ]


def test_its_log_has_null_for_what_is_unknown() -> None:
    values = validate_row(row(GLUCOSE=None)).values
    assert values is not None
    assert as_input_data(values) == {**EXAMPLE, "GLUCOSE": None}
