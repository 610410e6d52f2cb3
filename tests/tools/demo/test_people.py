"""People are the data's rows; on the shifted day others than usual come."""

import math

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import INDEX, NAMES
from predictions.training.framingham import load_rows
from tools.demo.people import People, as_form, as_json

AGE = INDEX["AGE"]


def people() -> People:
    return People(np.random.default_rng(1))


def dealt(count: int, *, shifted: bool) -> FloatArray:
    from_deck = people()
    return np.array([from_deck.next(shifted=shifted) for _ in range(count)])


def test_everybody_comes_once_before_anybody_comes_again() -> None:
    rows = load_rows().inputs
    order = np.lexsort(rows.T)
    came = dealt(len(rows), shifted=False)
    np.testing.assert_array_equal(came[np.lexsort(came.T)], rows[order])


def test_on_the_shifted_day_people_are_older_with_a_higher_blood_pressure() -> None:
    usual, shifted = dealt(1000, shifted=False), dealt(1000, shifted=True)
    for column in (AGE, INDEX["SYS_BP"]):
        known = usual[:, column][~np.isnan(usual[:, column])]
        assert shifted[:, column].mean() > known.mean() + known.std() / 2


def test_what_is_unknown_stays_unknown() -> None:
    person = np.full(len(NAMES), math.nan)
    person[AGE] = 52.0
    assert as_json(person) == {**dict.fromkeys(NAMES), "AGE": 52}
    assert as_form(person) == {**dict.fromkeys(NAMES, ""), "AGE": "52"}


def test_a_part_of_a_number_is_kept() -> None:
    person = np.zeros(len(NAMES))
    person[INDEX["BMI"]] = 26.97
    assert (as_json(person)["BMI"], as_form(person)["BMI"]) == (26.97, "26.97")
