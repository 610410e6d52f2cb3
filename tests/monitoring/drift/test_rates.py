"""How often drift is seen where there is none, and where there is: docs/adr/0009 has the rates.

Through ``compare``, as every report does it, on raw rows, with the committed reference and the
probabilities of the committed model. Seeded: what is asserted is the same in every run.
"""

from collections import Counter
from functools import lru_cache

import numpy as np
import pytest

from monitoring.drift.compare import compare
from monitoring.drift.reference import Reference
from monitoring.drift.report import verdict_of
from monitoring.models.drift import Verdict
from predictions.arrays import FloatArray
from predictions.features import NAMES
from predictions.training.fit import learn_filling
from predictions.training.reference import drift_reference
from tests.monitoring.drift.people import compared, drawn, predictor, reference, shifted
from tests.predictions.models import manifest, rows

RESAMPLES = 1000
SHIFTS = 100
HELD_OUT = 100
NOMINAL = 0.05


@lru_cache
def alarms(count: int) -> Counter[str]:
    """In so many resamples: of each figure, and of reports under ``report``."""
    generator, everybody = np.random.default_rng(count), rows().inputs
    answered = predictor().predict_many(everybody).probability
    found: Counter[str] = Counter()
    for _ in range(RESAMPLES):
        drawn_now = generator.integers(0, len(everybody), count)
        figures = compare(reference(), everybody[drawn_now], answered[drawn_now])
        found.update(each.name for each in figures if each.verdict == Verdict.DRIFT)
        found["report"] += verdict_of(figures) == Verdict.DRIFT
    return found


@pytest.mark.parametrize("count", [200, 1000, 5000])
def test_it_raises_false_alarms_in_at_most_the_nominal_share_of_reports(count: int) -> None:
    assert alarms(count)["report"] / RESAMPLES <= NOMINAL


@pytest.mark.parametrize("count", [200, 1000, 5000])
@pytest.mark.parametrize("name", NAMES)
def test_no_input_raises_more_than_a_fifth_of_them(name: str, count: int) -> None:
    assert alarms(count)[name] / RESAMPLES <= NOMINAL / 5


def test_it_raises_as_few_for_people_that_the_reference_was_not_made_of() -> None:
    # 1,000 people held out, the other 3,240 being the reference: both have their own chance.
    generator = np.random.default_rng(1948)
    everybody, alarmed = rows().inputs, 0
    for _ in range(HELD_OUT):
        order = generator.permutation(len(everybody))
        known = reference_of(everybody[order[1000:]])
        held_out = everybody[order[:1000]]
        figures = compare(known, held_out, predictor().predict_many(held_out).probability)
        alarmed += verdict_of(figures) == Verdict.DRIFT
    assert alarmed / HELD_OUT <= NOMINAL


def reference_of(people: FloatArray) -> Reference:
    """As the committed one, of these people."""
    made = drift_reference(
        people, learn_filling(people).fill(people), predictor().predict_many(people).probability
    )
    return Reference.from_manifest(manifest(drift_reference=made))


@pytest.mark.parametrize("name", NAMES)
def test_it_finds_a_shift_of_three_tenths_of_a_standard_deviation(name: str) -> None:
    generator = np.random.default_rng(NAMES.index(name))
    found = 0
    for _ in range(SHIFTS):
        figures = compared(shifted(drawn(1000, generator), name, 0.3, generator))
        found += figures[name].verdict == Verdict.DRIFT
    assert found >= 95


def test_a_sample_of_20_is_not_enough_data() -> None:
    figures = compared(drawn(20, np.random.default_rng(20)))
    assert {each.verdict for each in figures.values()} == {Verdict.NOT_ENOUGH_DATA}


@pytest.mark.parametrize("name", NAMES)
def test_not_even_where_all_20_are_alike(name: str) -> None:
    people = np.tile(drawn(1, np.random.default_rng(1)), (20, 1))
    assert compared(people)[name].verdict == Verdict.NOT_ENOUGH_DATA
