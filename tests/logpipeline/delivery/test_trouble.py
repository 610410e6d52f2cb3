"""What hinders the pipeline: said at once, then once a minute, and when it is over."""

import pytest

from logpipeline.delivery.trouble import Troubles
from tests.predictions.logs import Clock

AWAY = "Elasticsearch is away."
FULL = "Elasticsearch is full."


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def troubles(clock: Clock) -> Troubles:
    return Troubles(clock)


def test_it_is_said_at_once(troubles: Troubles, caplog: pytest.LogCaptureFixture) -> None:
    troubles.begin("elasticsearch", AWAY, "ConnectionError")
    assert caplog.messages == [f"{AWAY} Trying again; nothing is lost."]
    assert (troubles.has("elasticsearch"), str(troubles)) == (True, AWAY)


def test_it_is_said_again_once_a_minute(
    troubles: Troubles, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(130):
        troubles.begin("elasticsearch", AWAY, "ConnectionError")
        clock.now += 1
    assert caplog.messages[1:] == [f"{AWAY} For 60 s now.", f"{AWAY} For 120 s now."]


def test_another_sentence_is_said_at_once(
    troubles: Troubles, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    troubles.begin("elasticsearch", AWAY, "ConnectionError")
    clock.now += 2
    troubles.begin("elasticsearch", FULL, "ApiError")
    assert caplog.messages[1:] == [f"{FULL} For 2 s now."]
    assert (troubles.last_error, str(troubles)) == ("ApiError", FULL)


def test_it_counts_the_tries_in_a_row(troubles: Troubles) -> None:
    tries = [troubles.begin("redis", AWAY, "") for _ in range(3)]
    troubles.end("redis")
    assert [*tries, troubles.begin("redis", AWAY, "")] == [1, 2, 3, 1]


def test_its_end_is_said_and_how_long_it_was(
    troubles: Troubles, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    troubles.begin("elasticsearch", AWAY, "ConnectionError")
    clock.now += 7
    troubles.end("elasticsearch")
    assert caplog.messages[1:] == ["elasticsearch: well again after 7 s."]
    assert (troubles.has("elasticsearch"), str(troubles)) == (False, "")


def test_the_end_of_none_is_not_said(troubles: Troubles, caplog: pytest.LogCaptureFixture) -> None:
    troubles.end("elasticsearch")
    assert caplog.messages == []


def test_the_last_error_is_kept_when_it_is_over(troubles: Troubles) -> None:
    troubles.begin("elasticsearch", AWAY, "ConnectionError")
    troubles.end("elasticsearch")
    assert troubles.last_error == "ConnectionError"


def test_two_kinds_are_two_troubles(troubles: Troubles) -> None:
    troubles.begin("elasticsearch", AWAY, "")
    troubles.begin("redis", "Redis is away.", "")
    assert str(troubles) == f"{AWAY} Redis is away."


def test_one_that_lasts_so_long_is_named(troubles: Troubles, clock: Clock) -> None:
    troubles.begin("elasticsearch", AWAY, "")
    clock.now += 9
    assert troubles.lasting(10) == ""
    clock.now += 1
    assert troubles.lasting(10) == AWAY


def test_only_those_of_a_kind_are_asked_for(troubles: Troubles, clock: Clock) -> None:
    troubles.begin("elasticsearch", AWAY, "")
    clock.now += 10
    troubles.begin("redis credentials", "Redis refuses us.", "")
    clock.now += 5
    assert troubles.lasting(10, "credentials") == ""
    assert troubles.lasting(5, "credentials") == "Redis refuses us."


def test_one_that_lets_a_part_succeed_is_not_hopeless(troubles: Troubles, clock: Clock) -> None:
    troubles.begin("elasticsearch", FULL, "")
    clock.now += 9
    troubles.ease("elasticsearch")
    troubles.ease("redis")
    clock.now += 9
    assert troubles.lasting(10) == ""
    clock.now += 1
    assert troubles.lasting(10) == FULL
