"""What is asked in the week."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import orjson
import pytest

from tools.demo.people import People
from tools.demo.traffic import Ask, traffic
from tools.demo.week import Week, holds

WEEK = Week.ending(datetime(2026, 11, 25, 12, tzinfo=UTC))
COUNT = 4000


@pytest.fixture(scope="module")
def asks() -> list[Ask]:
    random = np.random.default_rng(1)
    return traffic(WEEK, People(random), COUNT, random)


def test_it_is_in_order(asks: list[Ask]) -> None:
    times = [ask.at for ask in asks]
    assert times == sorted(times)


def test_most_come_by_api_some_by_form_and_a_few_in_batches(asks: list[Ask]) -> None:
    paths = Counter(ask.path for ask in asks)
    assert [path for path, _ in paths.most_common()] == [
        "/predict",
        "/predict_proba",
        "/",
        "/predict_batch",
    ]
    assert paths["/predict_batch"] == 5


def test_answers_are_slow_in_the_slow_hour_only(asks: list[Ask]) -> None:
    assert {ask.slower_by > 0: holds(WEEK.slow, ask.at) for ask in asks} == {
        True: True,
        False: False,
    }
    slow = [ask.slower_by for ask in asks if ask.slower_by]
    assert len(slow) == 300
    assert np.mean(slow) > 0.2


def test_the_model_is_away_when_the_week_says_so(asks: list[Ask]) -> None:
    away = [ask for ask in asks if ask.model_away]
    assert away == [ask for ask in asks if holds(WEEK.away, ask.at)]
    assert len(away) == 75


def test_people_of_whom_something_is_unknown_come_as_they_are(asks: list[Ask]) -> None:
    batch = next(ask for ask in asks if ask.path == "/predict_batch")
    instances = orjson.loads(batch.body)["instances"]
    assert len(instances) == 120
    assert any(None in instance.values() for instance in instances)


def test_the_same_seed_asks_the_same(asks: list[Ask]) -> None:
    random = np.random.default_rng(1)
    assert traffic(WEEK, People(random), COUNT, random) == asks
