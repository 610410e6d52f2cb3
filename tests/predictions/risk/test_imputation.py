import numpy as np
import pytest

from predictions.features import INDEX, NAMES
from predictions.risk.imputation import impute
from tests.predictions.models import row

MEDIANS = np.arange(100.0, 100.0 + len(NAMES))


@pytest.mark.parametrize("name", ["BP_MEDS", "TOT_CHOL", "BMI", "HEART_RATE", "GLUCOSE"])
def test_it_fills_an_unknown_value_with_its_median(name: str) -> None:
    complete, unknown = impute(row(**{name: None})[np.newaxis], MEDIANS, 20)
    assert complete[0, INDEX[name]] == MEDIANS[INDEX[name]]
    assert np.flatnonzero(unknown[0]).tolist() == [INDEX[name]]


@pytest.mark.parametrize(("smoker", "cigarettes"), [(0, 0), (1, 20)])
def test_it_fills_cigarettes_by_smoking_status(smoker: float, cigarettes: float) -> None:
    person = row(CURRENT_SMOKER=smoker, CIGS_PER_DAY=None)
    complete, _ = impute(person[np.newaxis], MEDIANS, 20)
    assert complete[0, INDEX["CIGS_PER_DAY"]] == cigarettes


def test_it_leaves_known_values_alone() -> None:
    people = np.vstack([row(GLUCOSE=None), row(CURRENT_SMOKER=1, CIGS_PER_DAY=5)])
    complete, unknown = impute(people, MEDIANS, 20)
    np.testing.assert_array_equal(complete[~unknown], people[~unknown])


def test_it_does_not_change_what_it_is_given() -> None:
    person = row(GLUCOSE=None)[np.newaxis]
    impute(person, MEDIANS, 20)
    assert np.isnan(person[0, INDEX["GLUCOSE"]])


def test_it_says_that_nothing_was_unknown() -> None:
    _, unknown = impute(row()[np.newaxis], MEDIANS, 20)
    assert not unknown.any()
