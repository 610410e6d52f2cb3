"""A prediction in words and icons."""

from dataclasses import replace

import numpy as np
import pytest
from django.utils import translation

from predictions.features import EXAMPLE
from predictions.page.presentation import Result, in_percent, manifest_text, short, with_unit
from predictions.risk.manifest import Manifest
from predictions.risk.prediction import Prediction
from predictions.risk.predictor import get_predictor


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return get_predictor().manifest


@pytest.fixture(scope="module")
def prediction() -> Prediction:
    return get_predictor().predict(np.array(list(EXAMPLE.values())))


def result_of(probability: float, prediction: Prediction, manifest: Manifest) -> Result:
    return Result(prediction._replace(probability=probability), manifest, "an id")


@pytest.mark.parametrize(
    ("probability", "beginning"),
    [
        (0.0, "Fewer than 1 of 100 people like this develop"),
        (0.004, "Fewer than 1 of 100 people like this develop"),
        (0.006, "About 1 of 100 people like this develops"),
        (0.2374, "About 24 of 100 people like this develop"),
        (0.994, "About 99 of 100 people like this develop"),
        (0.999, "More than 99 of 100 people like this develop"),
    ],
)
def test_it_counts_people(
    probability: float, beginning: str, prediction: Prediction, manifest: Manifest
) -> None:
    frequency = result_of(probability, prediction, manifest).frequency
    assert frequency == f"{beginning} coronary heart disease within 10 years."


def test_it_colours_as_many_icons_as_people(prediction: Prediction, manifest: Manifest) -> None:
    icons = result_of(0.2374, prediction, manifest).icons
    assert [icon.affected for icon in icons] == [True] * 24 + [False] * 76


def test_it_gives_every_icon_a_place_of_its_own(prediction: Prediction, manifest: Manifest) -> None:
    icons = result_of(0.2374, prediction, manifest).icons
    assert len({(icon.x, icon.y) for icon in icons}) == 100


def test_it_tells_the_lowest_band_the_highest_and_those_between(
    prediction: Prediction, manifest: Manifest
) -> None:
    tones = [
        Result(prediction._replace(risk_band=band.key), manifest, "an id").tone
        for band in manifest.bands
    ]
    assert tones == ["low", "middle", "high"]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "12.3%"), ("fr", "12,3\N{NARROW NO-BREAK SPACE}%")]
)
def test_it_writes_percentages_as_the_reader_does(language: str, text: str) -> None:
    with translation.override(language):
        assert in_percent(0.12345, decimals=1) == text


def test_it_rounds_percentages_to_the_nearest() -> None:
    assert in_percent(0.2379, decimals=1) == "23.8%"


@pytest.mark.parametrize(("share", "text"), [(0.07, "7%"), (0.155, "15.5%"), (1.0, "100%")])
def test_it_writes_limits_as_short_as_they_go(share: float, text: str) -> None:
    assert in_percent(share) == text


@pytest.mark.parametrize(("value", "text"), [(70.0, "70"), (15.54, "15.54"), (0.1 + 0.2, "0.3")])
def test_it_writes_numbers_without_trailing_zeros(value: float, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("AGE", 52.0, "52 years"), ("BP_MEDS", 0.0, "No"), ("GENDER", 1.0, "Male")],
)
def test_it_writes_values_as_people_do(name: str, value: float, text: str) -> None:
    assert with_unit(name, value) == text


def test_it_shows_nothing_for_a_text_that_the_manifest_does_not_have(manifest: Manifest) -> None:
    assert manifest_text(replace(manifest, raw={}), "bands_source") == ""
