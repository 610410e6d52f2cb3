from datetime import UTC, datetime, timedelta

import numpy as np
import orjson
import pytest
from django.test import Client
from elasticsearch import Elasticsearch
from pytest_django import Settings

from monitoring.drift import report as module
from monitoring.drift.figure import Figure, figures_of
from monitoring.drift.report import MOST_ROWS, make_report, report_of, verdict_of
from monitoring.models import DriftReport
from monitoring.models.drift import Verdict
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from monitoring.sources.predictions import Sample
from predictions.features import EXAMPLE, INDEX
from tests.monitoring.drift.people import (
    DAY,
    NOW,
    compared,
    drawn,
    older_people,
    reference,
    sample_of,
    saved_report,
)

GENERATOR = np.random.default_rng(11)


@pytest.mark.django_db
def test_a_report_is_read_back_as_it_was_compared() -> None:
    people = older_people()
    assert figures_of(saved_report(people)) == list(compared(people).values())


@pytest.mark.django_db
def test_it_says_of_what_it_is() -> None:
    report = saved_report(drawn(150, GENERATOR))
    assert (report.created, report.window_start, report.window_end) == (NOW, DAY.start, DAY.end)
    assert (report.source, report.rows, report.total) == ("elasticsearch", 150, 150)
    assert report.model_version == reference().manifest.model_version


def test_inputs_with_drift_are_counted_and_the_probability_but_no_feature() -> None:
    report = report_of(reference(), sample_of(older_people()), DAY, NOW)
    drifting = {each["name"] for each in report.figures if each["verdict"] == "drift"}
    assert {"AGE", "GLUCOSE", "probability", "AGE_PULSE_PRESSURE"} <= drifting
    assert report.drifting == 3
    assert report.verdict == Verdict.DRIFT


def test_another_models_predictions_are_left_out_and_counted() -> None:
    own = reference().manifest.model_version
    people = drawn(300, GENERATOR)
    people[:150, INDEX["AGE"]] = 90
    sample = sample_of(people, ["0.9+old"] * 150 + [own] * 150)
    report = report_of(reference(), sample, DAY, NOW)
    assert (report.rows, report.other_model, report.verdict) == (150, 150, Verdict.OK)


def test_only_another_models_predictions_are_not_enough_data() -> None:
    sample = sample_of(drawn(300, GENERATOR), ["0.9+old"] * 300)
    report = report_of(reference(), sample, DAY, NOW)
    assert (report.rows, report.verdict) == (0, Verdict.NOT_ENOUGH_DATA)


def figures_like(*verdicts: Verdict) -> list[Figure]:
    figures = list(compared(drawn(20, GENERATOR)).values())[: len(verdicts)]
    return [
        Figure.from_json(each.as_json() | {"verdict": verdict.value})
        for each, verdict in zip(figures, verdicts, strict=True)
    ]


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.OK, Verdict.DRIFT, Verdict.NOT_ENOUGH_DATA], Verdict.DRIFT),
        ([Verdict.OK, Verdict.NOT_ENOUGH_DATA], Verdict.OK),
        ([Verdict.NOT_ENOUGH_DATA] * 2, Verdict.NOT_ENOUGH_DATA),
    ],
)
def test_a_report_drifts_where_any_figure_does(verdicts: list[Verdict], expected: Verdict) -> None:
    assert verdict_of(figures_like(*verdicts)) == expected


@pytest.mark.django_db
@pytest.mark.usefixtures("valkey")
def test_it_is_made_of_the_window_in_redis_where_there_is_no_elasticsearch(
    settings: Settings, client: Client
) -> None:
    settings.ES_URL = ""
    for _ in range(3):
        client.post("/predict", orjson.dumps(EXAMPLE), content_type="application/json")
    now = datetime.now(UTC) + timedelta(seconds=1)
    report = make_report(Period.last(timedelta(hours=1), now), now)
    assert (report.source, report.rows, report.verdict) == ("redis", 3, "not_enough_data")
    assert DriftReport.objects.get() == report


@pytest.mark.django_db
@pytest.mark.usefixtures("no_elasticsearch", "no_redis")
def test_where_no_source_answers_there_is_no_report() -> None:
    with pytest.raises(SourceAwayError):
        make_report(DAY, NOW)
    assert not DriftReport.objects.exists()


@pytest.mark.django_db
def test_without_a_manifest_there_is_no_report(settings: Settings) -> None:
    settings.MODEL_PATH = "/nowhere/model.pkl"
    with pytest.raises(SourceAwayError, match="no readable manifest"):
        make_report(DAY, NOW)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Predictions without a log; how many were asked for."""
    asked: list[int] = []

    def recent_predictions(period: Period, most: int) -> Sample:
        asked.append(most)
        return sample_of(drawn(120, GENERATOR))

    monkeypatch.setattr(module, "recent_predictions", recent_predictions)
    return asked


@pytest.mark.django_db
def test_it_asks_for_no_more_than_it_needs(given: list[int], settings: Settings) -> None:
    settings.ES_URL = ""
    make_report(DAY, NOW)
    assert given == [MOST_ROWS]


@pytest.mark.django_db
@pytest.mark.usefixtures("given")
def test_it_is_copied_to_elasticsearch(elastic: Elasticsearch, index_prefix: str) -> None:
    report = make_report(DAY, NOW)
    assert report.copied == NOW
    elastic.indices.refresh(index=f"{index_prefix}ml-api-drift")
    assert elastic.count(index=f"{index_prefix}ml-api-drift")["count"] == len(report.figures)


@pytest.mark.django_db
@pytest.mark.usefixtures("given", "no_elasticsearch")
def test_it_is_kept_where_it_cannot_be_copied(caplog: pytest.LogCaptureFixture) -> None:
    assert make_report(DAY, NOW).copied is None
    assert "Drift reports are not copied now: Elasticsearch at" in caplog.text


def test_its_figures_are_plain_json() -> None:
    report = report_of(reference(), sample_of(older_people()), DAY, NOW)
    assert b"NaN" not in orjson.dumps(report.figures)
