import numpy as np
import pytest

from monitoring.drift.compare import compare
from monitoring.drift.figure import Group
from monitoring.models.drift import Verdict
from predictions.arrays import FloatArray
from predictions.features import FEATURES, INDEX, NAMES
from tests.monitoring.drift.people import compared, drawn, drawn_known, reference, shifted
from tests.predictions.models import rows

UNKNOWN_ALLOWED = [feature.name for feature in FEATURES if feature.unknown_allowed]


def without(name: str, share: float, count: int = 1000) -> FloatArray:
    """People of whom one input is not sent, in so many cases."""
    generator = np.random.default_rng(3)
    people = drawn_known(count, generator)
    people[generator.random(count) < share, INDEX[name]] = np.nan
    return people


def test_it_compares_the_inputs_then_the_features_then_the_probability() -> None:
    figures = compared(drawn(200, np.random.default_rng(1)))
    assert list(figures) == [*NAMES, *reference().features, "probability"]
    groups = [figure.group for figure in figures.values()]
    assert groups == [Group.INPUT] * 14 + [Group.FEATURE] * 5 + [Group.PROBABILITY]


def test_the_training_rows_themselves_have_no_drift() -> None:
    figures = compared(rows().inputs)
    assert {figure.verdict for figure in figures.values()} == {Verdict.OK}
    assert max(figures[name].effect or 0 for name in NAMES) < 1e-6


@pytest.mark.parametrize("name", UNKNOWN_ALLOWED)
def test_it_notices_a_lab_that_stops_sending(name: str) -> None:
    figure = compared(without(name, 1))[name]
    assert (figure.verdict, figure.drifts_in) == (Verdict.DRIFT, ("missing",))


def test_it_notices_more_unknown_beside_values_that_are_as_they_were() -> None:
    figure = compared(without("GLUCOSE", 0.3))["GLUCOSE"]
    assert figure.drifts_in == ("missing",)
    current, reference_share = figure.share_missing
    assert current == pytest.approx(0.3, abs=0.05)
    assert reference_share == pytest.approx(388 / 4240, abs=1e-6)


def test_it_notices_fewer_unknown_than_in_training() -> None:
    assert compared(without("GLUCOSE", 0))["GLUCOSE"].drifts_in == ("missing",)


def test_a_few_more_unknown_do_not_matter_however_certain_they_are() -> None:
    figure = compared(without("TOT_CHOL", 0.04, 5000))["TOT_CHOL"]
    assert figure.adjusted_missing_p_value is not None
    assert figure.adjusted_missing_p_value < 0.001
    assert figure.verdict == Verdict.OK


def test_a_small_shift_does_not_matter_however_certain_it_is() -> None:
    generator = np.random.default_rng(5)
    people = np.vstack([shifted(rows().inputs, "SYS_BP", 0.1, generator)] * 5)
    figure = compared(people)["SYS_BP"]
    assert figure.adjusted_p_value is not None
    assert figure.adjusted_p_value < 0.001
    assert figure.verdict == Verdict.OK


@pytest.mark.parametrize(("count", "verdict"), [(99, "not_enough_data"), (100, "ok")])
def test_a_hundred_known_values_are_enough(count: int, verdict: str) -> None:
    people = drawn_known(300, np.random.default_rng(8))
    people[count:, INDEX["GLUCOSE"]] = np.nan
    few = compared(people[: count if count < 100 else 100])
    assert few["AGE"].verdict == verdict


def test_too_few_known_of_one_input_are_no_answer_of_that_input_only() -> None:
    generator = np.random.default_rng(8)
    people = drawn_known(100, generator)
    people[:9, INDEX["GLUCOSE"]] = np.nan
    figures = compared(people)
    assert figures["GLUCOSE"].verdict == Verdict.NOT_ENOUGH_DATA
    assert figures["AGE"].verdict == Verdict.OK


def test_nobody_at_all_is_not_enough_data() -> None:
    figures = compare(reference(), np.empty((0, 14)), np.empty(0))
    assert {figure.verdict for figure in figures} == {Verdict.NOT_ENOUGH_DATA}
    assert {each.current for figure in figures for each in figure.bins} == {None}


def test_people_outside_the_training_range_are_counted() -> None:
    people = drawn(200, np.random.default_rng(9))
    people[:50, INDEX["AGE"]] = 90
    assert compared(people)["AGE"].share_out_of_range == 0.25


def test_a_feature_is_known_where_all_its_inputs_are() -> None:
    people = drawn_known(200, np.random.default_rng(9))
    people[:20, INDEX["TOT_CHOL"]] = np.nan
    assert compared(people)["MALE_TOT_CHOL"].rows == 180


def test_a_change_of_the_mix_alone_shows_in_what_joins_inputs() -> None:
    # The same ages and the same cigarettes, but it is the old who smoke most now.
    people = drawn_known(2000, np.random.default_rng(4))
    for name in ("AGE", "CIGS_PER_DAY"):
        people[:, INDEX[name]] = np.sort(people[:, INDEX[name]])
    figures = compared(people)
    assert figures["AGE"].verdict == figures["CIGS_PER_DAY"].verdict == Verdict.OK
    assert figures["PACK_LOAD"].verdict == Verdict.DRIFT


def test_p_values_are_adjusted_over_the_inputs_tests() -> None:
    figures = list(compared(drawn(500, np.random.default_rng(6))).values())[:14]
    raw = [p for each in figures for p in (each.p_value, each.missing_p_value) if p is not None]
    adjusted = [
        p
        for each in figures
        for p in (each.adjusted_p_value, each.adjusted_missing_p_value)
        if p is not None
    ]
    # Benjamini and Hochberg, 1995, step up.
    expected = [
        min(min(1, other * len(raw) / sum(p <= other for p in raw)) for other in raw if other >= p)
        for p in raw
    ]
    assert adjusted == pytest.approx(expected)
    assert len(raw) == 14 + len(UNKNOWN_ALLOWED)


def test_the_median_is_a_value_of_the_people() -> None:
    people = drawn(201, np.random.default_rng(2))
    median = float(np.median(people[:, INDEX["AGE"]]))
    assert compared(people)["AGE"].median == (median, 49)


def test_the_shares_in_the_bins_are_a_whole() -> None:
    for figure in compared(drawn(300, np.random.default_rng(2))).values():
        assert sum(each.current or 0 for each in figure.bins) == pytest.approx(1)
        assert sum(each.reference for each in figure.bins) == pytest.approx(1, abs=2e-5)
