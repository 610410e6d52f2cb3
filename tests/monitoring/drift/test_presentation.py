import numpy as np
import pytest
from django.utils import translation

from monitoring.drift.chart import Chart
from monitoring.drift.presentation import FigureView, drift_context
from monitoring.drift.report import report_of
from monitoring.models import DriftReport
from predictions.arrays import FloatArray
from predictions.features import INDEX, NAMES
from tests.monitoring.drift.people import (
    DAY,
    NOW,
    drawn,
    older_people,
    reference,
    sample_of,
    shifted,
)

GENERATOR = np.random.default_rng(21)


def report_on(people: FloatArray, versions: list[str] | None = None) -> DriftReport:
    return report_of(reference(), sample_of(people, versions), DAY, NOW)


def views_of(people: FloatArray) -> dict[str, FigureView]:
    groups = drift_context(report_on(people))["groups"]
    return {view.id.removeprefix("drift-"): view for group in groups for view in group.figures}


@pytest.fixture(scope="module")
def older() -> dict[str, FigureView]:
    return views_of(older_people())


def facts(view: FigureView) -> dict[str, str]:
    return {fact.name: fact.value for fact in view.facts}


def test_there_are_three_groups_in_their_order() -> None:
    groups = drift_context(report_on(older_people()))["groups"]
    assert [group.title for group in groups] == [
        "Inputs",
        "What the model answers",
        "Features made of several inputs",
    ]
    assert [view.id for view in groups[0].figures] == [f"drift-{name}" for name in NAMES]


@pytest.mark.parametrize(
    ("people", "headline"),
    [
        (drawn(20, GENERATOR), "Not enough predictions to compare."),
        (drawn(400, GENERATOR), "The people look like those that the model learned from."),
        (
            older_people(),
            "2 of 14 inputs drift from the training data. So does the probability.",
        ),
        (
            shifted(drawn(400, GENERATOR), "HEART_RATE", 1, GENERATOR),
            "1 of 14 inputs drifts from the training data.",
        ),
    ],
)
def test_the_headline_answers_the_question(people: FloatArray, headline: str) -> None:
    assert drift_context(report_on(people))["headline"] == headline


def test_a_probability_that_drifts_alone_is_said() -> None:
    sample = sample_of(drawn(400, GENERATOR))
    sample.probability[:] = 0.5
    context = drift_context(report_of(reference(), sample, DAY, NOW))
    assert context["headline"].startswith("The probability drifts from the training data, though")
    assert context["tone"] == "danger"


def test_what_drifts_is_named_first() -> None:
    alarms = [view.id for view in drift_context(report_on(older_people()))["alarms"]]
    assert alarms[:2] == ["drift-AGE", "drift-GLUCOSE"]


def test_predictions_of_another_model_are_told() -> None:
    own = reference().manifest.model_version
    context = drift_context(report_on(drawn(200, GENERATOR), [own] * 150 + ["old"] * 50))
    told = {fact.name: fact.value for fact in context["facts"]}
    assert told["Of another model, left out"] == "50"
    assert told["Predictions compared"] == "150 of 200"


def test_what_the_verdict_rests_on_is_marked(older: dict[str, FigureView]) -> None:
    marked = {
        name: [fact.name for fact in older[name].facts if fact.alarming]
        for name in ("AGE", "GLUCOSE", "GENDER")
    }
    assert marked == {
        "AGE": ["D", "p (KS, adjusted)"],
        "GLUCOSE": ["Not known", "p (not known, adjusted)"],
        "GENDER": [],
    }


def test_the_facts_are_worded(older: dict[str, FigureView]) -> None:
    assert facts(older["AGE"])["p (KS, adjusted)"] == "below 0.001"
    assert facts(older["GLUCOSE"])["Not known"] == "100.0%, in training 9.2%"
    assert facts(older["GENDER"])["w"].endswith("(matters from 0.100)")


def test_an_input_without_known_values_has_a_chart_of_the_training_data(
    older: dict[str, FigureView],
) -> None:
    chart = older["GLUCOSE"].chart
    assert chart.summary == "Nothing known now"
    assert {bar.tone for bar in chart.bars} == {"reference"}
    assert {row.current for row in chart.rows} == {"–"}


def heights(chart: Chart, tone: str) -> float:
    return sum(float(bar.height.rstrip("%")) for bar in chart.bars if bar.tone == tone)


@pytest.mark.parametrize("tone", ["reference", "current"])
def test_the_bars_of_a_chart_are_all_the_people(older: dict[str, FigureView], tone: str) -> None:
    chart = older["AGE"].chart
    top = float(chart.top.rstrip("%")) / 100
    assert heights(chart, tone) == pytest.approx(100 / top, abs=0.1)


def test_the_bars_stay_in_the_drawing_and_do_not_overlap(older: dict[str, FigureView]) -> None:
    for view in older.values():
        left = [float(bar.x.rstrip("%")) for bar in view.chart.bars]
        right = [float(bar.x.rstrip("%")) + float(bar.width.rstrip("%")) for bar in view.chart.bars]
        assert min(left) >= 0
        assert max(right) <= 100
        assert all(end <= start + 0.01 for end, start in zip(right, left[1:], strict=False))


def test_the_table_has_a_line_for_each_bin(older: dict[str, FigureView]) -> None:
    rows = older["AGE"].chart.rows
    assert (rows[0].values, rows[-1].values) == ("up to 35", "over 66")
    assert rows[1].values.startswith("35 – ")
    assert [row.values for row in older["GENDER"].chart.rows] == ["Female", "Male"]


def test_a_probability_is_in_percent(older: dict[str, FigureView]) -> None:
    assert older["probability"].chart.ticks[0].endswith("%")


def test_a_feature_has_its_formula_and_an_input_its_unit(older: dict[str, FigureView]) -> None:
    assert older["PACK_LOAD"].formula == "CIGS_PER_DAY / 20 * (AGE - 18)"
    assert (older["AGE"].unit, older["AGE"].formula) == ("years", "")


def test_numbers_are_in_the_readers_notation() -> None:
    people = drawn(200, GENERATOR)
    people[:, INDEX["AGE"]] = 90
    with translation.override("fr"):
        view = views_of(people)["AGE"]
        assert "0,080" in facts(view)["D"]
    # Coordinates are no texts for readers.
    assert all("," not in bar.x + bar.height for bar in view.chart.bars)
