from functools import lru_cache

import numpy as np
import pytest

from predictions.arrays import BoolArray, FloatArray
from predictions.features import BY_NAME, INDEX, NAMES, Kind
from predictions.risk.derivation import derive
from predictions.risk.derived import ALL_NAMES, inputs_of
from predictions.training.fit import learn_filling
from predictions.training.reference import drift_reference
from tests.predictions.models import raw_manifest, rows

REFERENCE = raw_manifest()["drift_reference"]
CATEGORIES = [name for name in NAMES if BY_NAME[name].kind is Kind.CHOICE] + ["HYPERTENSION_STAGE"]

NUMBERS = [name for name in ALL_NAMES if name not in CATEGORIES]


@lru_cache
def features() -> tuple[FloatArray, BoolArray]:
    """(4240, 28) of the rows, and where an input of the feature is unknown."""
    inputs = rows().inputs
    unknown = np.isnan(inputs)
    sources = [[INDEX[source] for source in inputs_of(name)] for name in ALL_NAMES]
    missing = np.column_stack([unknown[:, columns].any(axis=1) for columns in sources])
    return derive(learn_filling(inputs).fill(inputs)), missing


def values_of(name: str) -> FloatArray:
    """What is known of it in the training rows."""
    values, missing = features()
    column = ALL_NAMES.index(name)
    known: FloatArray = values[~missing[:, column], column]
    return known


def test_it_describes_the_28_features_and_the_probability() -> None:
    assert list(REFERENCE) == [*ALL_NAMES, "probability"]


@pytest.mark.parametrize("name", CATEGORIES)
def test_the_shares_of_a_category_are_a_whole(name: str) -> None:
    assert sum(REFERENCE[name]["shares"].values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", [*NUMBERS, "probability"])
def test_the_cut_points_of_a_number_rise_and_are_a_hundred_and_one_at_most(name: str) -> None:
    cuts = REFERENCE[name]["cuts"]
    assert cuts == sorted(set(cuts))
    assert len(cuts) <= 101


@pytest.mark.parametrize("name", NUMBERS)
def test_the_share_at_a_cut_point_is_that_of_the_rows_that_are_at_most_so_great(name: str) -> None:
    known = values_of(name)
    at_most = (known <= np.array(REFERENCE[name]["cuts"])[:, np.newaxis]).mean(axis=1)
    np.testing.assert_allclose(REFERENCE[name]["cumulative"], at_most, atol=1e-6)
    assert REFERENCE[name]["cumulative"][-1] == 1


@pytest.mark.parametrize("name", NUMBERS)
def test_no_more_than_a_percent_lies_between_two_cut_points(name: str) -> None:
    known, cuts = values_of(name), REFERENCE[name]["cuts"]
    between = np.diff(REFERENCE[name]["cumulative"], prepend=0)
    # Those who have the upper one's value itself are not between.
    ties = np.array([np.isclose(known, cut, atol=2e-6, rtol=0).mean() for cut in cuts])
    assert (between - ties).max() < 0.0105


def test_a_number_of_few_values_has_each_of_them() -> None:
    assert REFERENCE["AGE"]["cuts"] == list(range(32, 71))
    assert REFERENCE["CIGS_PER_DAY"]["cuts"] == np.unique(values_of("CIGS_PER_DAY")).tolist()


def test_half_of_all_people_share_a_value_and_are_counted_there() -> None:
    cigarettes = REFERENCE["CIGS_PER_DAY"]
    assert cigarettes["cuts"][0] == 0
    assert cigarettes["cumulative"][0] == pytest.approx(2145 / 4211, abs=1e-6)


def test_it_says_of_how_many_people_it_speaks() -> None:
    assert [REFERENCE[name]["rows"] for name in ("AGE", "GLUCOSE")] == [4240, 4240 - 388]


def test_it_counts_what_is_missing() -> None:
    assert REFERENCE["GLUCOSE"]["missing"] == pytest.approx(388 / 4240, abs=1e-6)
    assert REFERENCE["AGE"]["missing"] == 0


def test_a_derived_feature_is_missing_where_an_input_is() -> None:
    assert REFERENCE["GLUCOSE_EXCESS"]["missing"] == REFERENCE["GLUCOSE"]["missing"]


def test_imputed_values_do_not_count_as_known() -> None:
    inputs = rows().inputs
    complete = learn_filling(inputs).fill(inputs)
    reference = drift_reference(inputs, complete, np.linspace(0.01, 0.5, len(inputs)))
    median = int(learn_filling(inputs).medians[NAMES.index("GLUCOSE")])
    known = inputs[:, NAMES.index("GLUCOSE")]
    place = reference["GLUCOSE"]["cuts"].index(median)
    share = (known <= median).sum() / 3852
    assert reference["GLUCOSE"]["cumulative"][place] == pytest.approx(share, abs=1e-6)


def test_the_probability_is_cut_at_each_percentage() -> None:
    inputs = rows().inputs
    complete, spread = learn_filling(inputs).fill(inputs), np.arange(1, 4241) / 4241
    reference = drift_reference(inputs, complete, spread)["probability"]
    np.testing.assert_allclose(np.diff(reference["cumulative"][:-1]), 0.01, atol=3e-4)
    assert reference["missing"] == 0
