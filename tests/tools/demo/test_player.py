"""The played requests go through the site's own code, at the simulated time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import pytest
from django.conf import settings
from pytest_django import Settings

from predictions.features import EXAMPLE
from tests.conftest import Valkey
from tests.predictions.logs import NOON, stream_of
from tools.demo.people import People, as_form
from tools.demo.player import Visitor, play
from tools.demo.simulated import at, simulated_now, simulation
from tools.demo.traffic import FORM, Ask, traffic
from tools.demo.week import Week

pytestmark = pytest.mark.usefixtures("static_files", "valkey", "db")

BODY = orjson.dumps(EXAMPLE)


@pytest.fixture(autouse=True)
def _demo(settings: Settings) -> None:
    settings.DEMO = True
    settings.PUBLIC_PREDICTIONS = True


def ask(minute: int = 0, **how: Any) -> Ask:
    return Ask(at=NOON + timedelta(minutes=minute), **({"path": "/predict", "body": BODY} | how))


def logged(valkey: Valkey) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in stream_of(valkey)]


def test_an_entry_has_the_simulated_time_and_says_that_it_is_invented(valkey: Valkey) -> None:
    assert play([ask()]) == {200: 1}
    (entry,) = logged(valkey)
    written = datetime.fromisoformat(entry["timestamp"])
    assert NOON < written < NOON + timedelta(seconds=30)
    assert entry["data"]["demo"] is True


def test_it_is_measured_and_profiled_as_any_request(valkey: Valkey) -> None:
    play([ask()])
    metrics = logged(valkey)[0]["data"]["performance_metrics"]
    assert metrics["profiled"] is True
    assert metrics["inference_time_ms"] > 0


def test_the_form_is_sent_as_a_browser_does_with_its_token(valkey: Valkey) -> None:
    person = People(np.random.default_rng(1)).next(shifted=False)
    body = urlencode(as_form(person)).encode()
    headers = {"HX-Request": "true", "Accept": "text/html"}
    sent = ask(path="/", body=body, content_type=FORM, headers=headers)
    assert play([sent, sent]) == {200: 2}
    assert {entry["data"]["path"] for entry in logged(valkey)} == {"/"}


def test_a_slow_answer_is_really_slow_and_the_profile_says_why(valkey: Valkey) -> None:
    play([ask(slower_by=0.1)])
    metrics = logged(valkey)[0]["data"]["performance_metrics"]
    assert metrics["latency_ms"] >= 100
    assert "wait_like_a_slow_disk" in metrics["top_functions"][0]["function"]


def test_slow_answers_do_not_wait_for_one_another(valkey: Valkey) -> None:
    before = datetime.now(UTC)
    asks = [ask(minute, slower_by=0.25) for minute in range(16)]
    assert play(asks) == {200: 16}
    assert datetime.now(UTC) - before < timedelta(seconds=3)
    times = sorted(datetime.fromisoformat(entry["timestamp"]) for entry in logged(valkey))
    assert all(
        each.at < time < each.at + timedelta(seconds=30)
        for each, time in zip(asks, times, strict=True)
    )


def test_without_its_model_the_site_answers_503(valkey: Valkey) -> None:
    assert play([ask(0, model_away=True), ask(1)]) == {503: 1, 200: 1}
    assert [entry["data"]["status"] for entry in logged(valkey)] == [503, 200]


def test_it_counts_every_answer() -> None:
    answers: list[None] = []
    play([ask(), ask(slower_by=0.01)], lambda: answers.append(None))
    assert len(answers) == 2


def test_a_whole_week_is_logged_as_it_was_asked(valkey: Valkey) -> None:
    random = np.random.default_rng(1)
    week = Week.ending(NOON, timedelta(minutes=5))
    asks = traffic(week, People(random), 300, random)
    statuses = play(asks)
    entries = [entry for entry in logged(valkey) if "rows" not in entry["data"]]
    assert Counter(entry["data"]["status"] for entry in entries) == statuses
    assert statuses.total() == len(asks)
    assert statuses[503] >= 70
    # Malformed, out of the limits, or a method that there is not.
    assert 0 < statuses[400] + statuses[405] < 30


def test_outside_of_a_request_there_is_no_simulated_time() -> None:
    with at(NOON):
        assert simulated_now() >= NOON
    with pytest.raises(LookupError):
        simulated_now()


def test_the_simulation_ends_with_its_block(valkey: Valkey) -> None:
    before = settings.MIDDLEWARE
    with simulation():
        assert before != settings.MIDDLEWARE
    assert before == settings.MIDDLEWARE
    Visitor()._client.post("/predict", BODY, content_type="application/json")
    (entry,) = logged(valkey)
    assert datetime.fromisoformat(entry["timestamp"]) > datetime.now(UTC) - timedelta(minutes=1)
