"""What the site's own alerts and drift reports say of the played week."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import orjson
import pytest
from pytest_django import Settings

from monitoring.models import DriftReport
from monitoring.period import Period
from tests.predictions.logs import NOON
from tools.demo.hindsight import look_back
from tools.demo.people import People, as_json
from tools.demo.player import play
from tools.demo.traffic import Ask
from tools.demo.week import DAY, Week, holds

pytestmark = pytest.mark.usefixtures("valkey", "db")

WEEK = Week.ending(NOON, timedelta(minutes=15))
EACH_DAY = 300


def visits_on(period: Period, people: People) -> Iterator[Ask]:
    for number in range(EACH_DAY):
        at = period.start + number * DAY / EACH_DAY
        person = people.next(shifted=holds(WEEK.shifted, at))
        yield Ask(at=at, path="/predict", body=orjson.dumps(as_json(person)))


def test_the_shifted_day_drifts_and_no_other_of_the_days_that_have_a_report(
    settings: Settings,
) -> None:
    settings.PUBLIC_PREDICTIONS = True
    people = People(np.random.default_rng(1))
    play(ask for period in (WEEK.shifted, WEEK.usual) for ask in visits_on(period, people))
    events = look_back(WEEK, NOON)

    verdicts = dict(DriftReport.objects.values_list("window_end", "verdict"))
    midnights = [WEEK.period.start.replace(hour=0) + number * DAY for number in range(2, 8)]
    assert sorted(verdicts) == [*midnights, NOON]
    assert [end for end, verdict in verdicts.items() if verdict == "drift"] == [WEEK.shifted.end]
    assert verdicts[WEEK.usual.end] == "ok"
    fired = [(each.alert.name, each.at) for each in events if each.transition == "fired"]
    assert fired == [("drift", WEEK.shifted.end)]
