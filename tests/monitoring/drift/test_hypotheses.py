"""The tests, beside scipy's own where it has one."""

import numpy as np
import pytest
from scipy import stats

from monitoring.drift.hypotheses import (
    cohens_w,
    homogeneity,
    kolmogorov_smirnov,
    stability_index,
)
from predictions.arrays import FloatArray

GENERATOR = np.random.default_rng(7)
NOW, THEN = GENERATOR.normal(0.2, 1, 300), GENERATOR.normal(0, 1, 900)


def counts(*values: float) -> FloatArray:
    return np.array(values, dtype=np.float64)


def at_most(values: FloatArray, cuts: FloatArray) -> FloatArray:
    shares: FloatArray = np.searchsorted(np.sort(values), cuts, side="right") / len(values)
    return shares


def test_d_at_every_value_is_that_of_scipy() -> None:
    cuts = np.sort(np.concatenate([NOW, THEN]))
    tested = kolmogorov_smirnov(at_most(NOW, cuts), 300, at_most(THEN, cuts), 900)
    assert tested.statistic == pytest.approx(stats.ks_2samp(NOW, THEN).statistic)


def test_its_p_value_is_that_of_the_limiting_distribution() -> None:
    cuts = np.sort(np.concatenate([NOW, THEN]))
    tested = kolmogorov_smirnov(at_most(NOW, cuts), 300, at_most(THEN, cuts), 900)
    effective = 300 * 900 / 1200
    assert tested.p_value == pytest.approx(stats.kstwobign.sf(np.sqrt(effective) * tested.effect))


def test_it_is_no_more_certain_than_the_exact_distribution() -> None:
    cuts = np.sort(np.concatenate([NOW, THEN]))
    tested = kolmogorov_smirnov(at_most(NOW, cuts), 300, at_most(THEN, cuts), 900)
    assert tested.p_value >= stats.ks_2samp(NOW, THEN, method="exact").pvalue


def test_d_at_some_values_is_not_greater() -> None:
    cuts = np.quantile(THEN, np.linspace(0, 1, 11))
    tested = kolmogorov_smirnov(at_most(NOW, cuts), 300, at_most(THEN, cuts), 900)
    assert tested.effect <= stats.ks_2samp(NOW, THEN).statistic


def test_chi_squared_is_that_of_scipy() -> None:
    table = [[120, 80, 100], [300, 250, 350]]
    tested = homogeneity(counts(*table[0]), counts(*table[1]))
    expected = stats.chi2_contingency(table)
    assert tested.test == "chi2"
    assert tested[1:3] == pytest.approx((expected.statistic, expected.pvalue))


def test_too_few_of_two_categories_are_tested_exactly() -> None:
    tested = homogeneity(counts(995, 5), counts(4230, 2))
    expected = stats.fisher_exact(np.array([[995, 5], [4230, 2]])).pvalue
    assert (tested.test, tested.statistic) == ("fisher", None)
    assert tested.p_value == pytest.approx(expected)


def test_rare_categories_are_joined_with_their_neighbour() -> None:
    tested = homogeneity(counts(50, 49, 1, 0), counts(500, 490, 8, 2))
    joined = stats.chi2_contingency([[50, 50], [500, 500]], correction=False)
    assert tested.test == "chi2"
    assert tested.p_value == pytest.approx(joined.pvalue)


def test_a_category_that_nobody_has_is_none() -> None:
    assert homogeneity(counts(100, 0), counts(1000, 0)).p_value == 1


def test_w_of_two_categories_is_the_shift_in_standard_deviations() -> None:
    spread = np.sqrt(0.2 * 0.8)
    assert cohens_w(counts(700, 300), counts(8000, 2000)) == pytest.approx(0.1 / spread)


def test_w_is_finite_for_a_category_that_is_new() -> None:
    assert 1 < cohens_w(counts(90, 10), counts(100, 0)) < 10


def test_the_stability_index_of_the_same_is_0_and_of_an_empty_bin_finite() -> None:
    assert stability_index(counts(0.5, 0.5), counts(0.5, 0.5)) == 0
    assert stability_index(counts(1, 0), counts(0.9, 0.1)) == pytest.approx(
        0.1 * np.log(1 / 0.9) + (1e-4 - 0.1) * np.log(1e-4 / 0.1)
    )
