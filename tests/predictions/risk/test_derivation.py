"""The derived features, held to the formulas that the documentation prints."""

from typing import Any

import numpy as np
import pytest

from predictions.arrays import FloatArray
from predictions.features import INDEX, NAMES
from predictions.risk.derivation import derive, derive_row, hypertension_stage
from predictions.risk.derived import ALL_NAMES, DERIVED, RISING, Derived, inputs_of
from tests.predictions.models import anywhere, row

VOCABULARY: dict[str, Any] = {
    "log": np.log,
    "max": np.maximum,
    "min": np.minimum,
    "stage": hypertension_stage,
}


def by_formula(feature: Derived, matrix: FloatArray) -> FloatArray:
    inputs = {name: matrix[:, INDEX[name]] for name in feature.inputs}
    # The formula is our own table's; a name it does not list among its inputs is an error.
    value: FloatArray = eval(feature.formula, {"__builtins__": {}}, VOCABULARY | inputs)  # noqa: S307
    return value


@pytest.mark.parametrize("feature", DERIVED, ids=lambda feature: feature.name)
def test_it_computes_the_documented_formula(feature: Derived) -> None:
    matrix = anywhere(500)
    computed = derive(matrix)[:, ALL_NAMES.index(feature.name)]
    np.testing.assert_allclose(computed, by_formula(feature, matrix), rtol=1e-12)


def test_it_keeps_the_inputs_as_they_are() -> None:
    matrix = anywhere(5)
    np.testing.assert_array_equal(derive(matrix)[:, : len(NAMES)], matrix)


def test_it_gives_one_row_what_it_gives_a_batch() -> None:
    matrix = anywhere(50)
    one_by_one = np.vstack([derive(matrix[[i]]) for i in range(50)])
    np.testing.assert_array_equal(one_by_one, derive(matrix))


def test_it_gives_28_finite_features_everywhere_in_the_limits() -> None:
    features = derive(anywhere(1000))
    assert features.shape == (1000, 28)
    assert np.isfinite(features).all()


@pytest.mark.parametrize(
    ("systolic", "diastolic", "stage"),
    [
        (119, 79, 0),
        (120, 79, 1),
        (130, 79, 2),
        (119, 80, 2),
        (140, 79, 3),
        (119, 90, 3),
        (180, 79, 4),
        (119, 120, 4),
        (185, 85, 4),
    ],
)
def test_it_stages_hypertension_by_the_higher_of_the_two_pressures(
    systolic: float, diastolic: float, stage: int
) -> None:
    assert hypertension_stage(np.array([systolic]), np.array([diastolic])) == [stage]


@pytest.mark.parametrize("name", sorted(RISING))
def test_no_derived_feature_falls_when_a_signed_input_rises(name: str) -> None:
    lower = anywhere(2000)
    higher = lower.copy()
    higher[:, INDEX[name]] += 1
    assert (derive(higher) >= derive(lower)).all()


def test_an_input_stands_behind_itself() -> None:
    assert inputs_of("AGE") == ("AGE",)
    assert inputs_of("PACK_LOAD") == ("CIGS_PER_DAY", "AGE")


def test_there_are_14_derived_features_with_names_of_their_own() -> None:
    assert len(DERIVED) == 14
    assert len(set(ALL_NAMES)) == 28


def test_it_derives_a_pulse_pressure_of_50_from_134_over_84() -> None:
    features = derive(row(SYS_BP=134, DIA_BP=84)[np.newaxis])
    assert features[0, ALL_NAMES.index("PULSE_PRESSURE")] == 50


def test_one_person_gets_what_a_row_of_a_matrix_gets() -> None:
    matrix = anywhere(500)
    one_by_one = [derive_row(person) for person in matrix.tolist()]
    np.testing.assert_array_equal(one_by_one, derive(matrix))
