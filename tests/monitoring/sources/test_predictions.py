"""The predictions that drift is measured on."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from pytest_django import Settings

from monitoring.period import Period
from monitoring.sources.away import SourceAwayError
from monitoring.sources.predictions import recent_predictions
from predictions.features import EXAMPLE, INDEX, NAMES
from tests.monitoring.traffic import (
    NOON,
    batch,
    failure,
    indices_with,
    log,
    prediction,
    refusal,
)

DAY = Period(NOON - timedelta(days=1), NOON)
AN_HOUR_AGO = NOON - timedelta(hours=1)
# On two days, so in two indices.
SINGLE = [
    prediction(
        NOON - timedelta(hours=hours),
        hours / 100,
        inputs={**EXAMPLE, "AGE": 30.0 + hours, "GLUCOSE": None},
        model_version="1.0.0+old" if hours > 20 else "1.0.0+new",
    )
    for hours in range(23, 0, -1)
]
OTHERS = [
    prediction(DAY.start - timedelta(hours=1)),
    failure(AN_HOUR_AGO),
    refusal(AN_HOUR_AGO),
    prediction(DAY.end),
]
BATCH = batch(AN_HOUR_AGO, [0.5, 0.6], refused=1)

pytestmark = pytest.mark.usefixtures("valkey")


@pytest.fixture(scope="module")
def prefix(elasticsearch_url: str) -> Iterator[str]:
    with indices_with(elasticsearch_url, [*SINGLE, *OTHERS, BATCH]) as found:
        yield found


@pytest.fixture
def stored(prefix: str, elasticsearch_url: str, settings: Settings) -> None:
    settings.ES_URL, settings.ES_INDEX_PREFIX = elasticsearch_url, prefix


@pytest.mark.usefixtures("stored")
def test_it_has_all_predictions_of_the_period_and_rows_of_batches() -> None:
    sample = recent_predictions(DAY, 1000)
    expected = [hours / 100 for hours in range(1, 24)] + [0.5, 0.6]
    assert sorted(sample.probability) == expected
    assert (sample.source, sample.total) == ("elasticsearch", 25)


@pytest.mark.usefixtures("stored")
def test_the_columns_of_a_row_belong_together() -> None:
    sample = recent_predictions(DAY, 1000)
    (row,) = np.flatnonzero(sample.probability == 0.22)
    expected = [{**EXAMPLE, "AGE": 52.0, "GLUCOSE": np.nan}[name] for name in NAMES]
    np.testing.assert_array_equal(sample.inputs[row], expected)
    assert sample.model_version[int(row)] == "1.0.0+old"


@pytest.mark.usefixtures("stored")
def test_a_sample_has_as_many_as_are_asked_for_and_none_twice() -> None:
    sample = recent_predictions(DAY, 12)
    assert len(set(sample.probability)) == len(sample.model_version) == 12
    assert sample.total == 25


@pytest.mark.usefixtures("stored")
def test_a_sample_is_the_same_again_and_another_one_for_another_period() -> None:
    first, again = (set(recent_predictions(DAY, 12).probability) for _ in range(2))
    later = Period(DAY.start, DAY.end - timedelta(milliseconds=1))
    assert first == again != set(recent_predictions(later, 12).probability)


@pytest.mark.usefixtures("stored")
def test_every_prediction_may_be_drawn() -> None:
    drawn: set[float] = set()
    for n in range(30):
        period = Period(DAY.start, DAY.end - n * timedelta(milliseconds=1))
        drawn |= set(recent_predictions(period, 12).probability)
    assert len(drawn) == 25


@pytest.mark.usefixtures("no_elasticsearch")
def test_the_window_has_those_of_single_requests() -> None:
    log([*OTHERS[:1], *SINGLE, *OTHERS[1:], BATCH])
    sample = recent_predictions(DAY, 1000)
    assert sorted(sample.probability) == [hours / 100 for hours in range(1, 24)]
    assert (sample.source, sample.total) == ("redis", 23)


@pytest.mark.usefixtures("no_elasticsearch")
def test_a_sample_of_the_window_is_the_same_again() -> None:
    log(SINGLE)
    first, again = (recent_predictions(DAY, 12) for _ in range(2))
    assert len(set(first.probability)) == 12
    assert (list(first.probability), first.total) == (list(again.probability), 23)


@pytest.mark.usefixtures("elastic")
def test_the_window_is_asked_where_nothing_is_indexed_yet() -> None:
    log(SINGLE)
    assert recent_predictions(DAY, 1000).source == "redis"


@pytest.mark.usefixtures("elastic", "no_redis")
def test_a_period_without_predictions_has_none() -> None:
    sample = recent_predictions(DAY, 1000)
    assert (sample.inputs.shape, sample.probability.shape) == ((0, len(INDEX)), (0,))
    assert (sample.source, sample.total) == ("elasticsearch", 0)


@pytest.mark.usefixtures("no_elasticsearch", "no_redis")
def test_it_says_that_both_are_away() -> None:
    with pytest.raises(SourceAwayError, match=r"^Redis does not answer\. Elasticsearch at "):
        recent_predictions(DAY, 1000)
