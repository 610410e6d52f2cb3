"""What hinders Elasticsearch is one trouble, whatever number of batches wait because of it."""

import pytest

from logpipeline.delivery.answers import Verdict
from logpipeline.delivery.backoff import MOST_SECONDS
from logpipeline.delivery.bulk import Outcome
from logpipeline.delivery.destination import DestinationError
from logpipeline.delivery.elasticsearch_troubles import ElasticsearchTroubles
from logpipeline.delivery.flight import Flight
from logpipeline.delivery.trouble import Troubles
from logpipeline.sources.dead_letter_source import DeadLetterSource
from tests.logpipeline.units import batch_of
from tests.predictions.logs import Clock

FULL = Outcome(trouble=Verdict.OVERLOADED, sentence="It is full.", error="full_exception")
REFUSED_US = Outcome(trouble=Verdict.CREDENTIALS, sentence="It refuses us.", error="security")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def troubles(clock: Clock) -> Troubles:
    return Troubles(clock)


@pytest.fixture
def elasticsearch(troubles: Troubles, clock: Clock) -> ElasticsearchTroubles:
    return ElasticsearchTroubles(troubles, clock)


def flight(*, troubled: bool) -> Flight:
    made = Flight.of(DeadLetterSource(10), batch_of(1), 0)
    made.troubled = troubled
    return made


@pytest.mark.parametrize(
    ("credentials", "kind"), [(False, "elasticsearch"), (True, "elasticsearch credentials")]
)
def test_one_that_is_not_ready_is_a_trouble(
    elasticsearch: ElasticsearchTroubles, troubles: Troubles, credentials: bool, kind: str
) -> None:
    elasticsearch.not_ready(DestinationError("Not it.", OSError(), credentials=credentials))
    assert (troubles.has(kind), str(troubles)) == (True, "Not it.")
    assert troubles.last_error == "OSError"


@pytest.mark.parametrize(
    ("outcome", "kind"), [(FULL, "elasticsearch"), (REFUSED_US, "elasticsearch credentials")]
)
def test_one_that_does_not_take_all_is_a_trouble(
    elasticsearch: ElasticsearchTroubles, troubles: Troubles, outcome: Outcome, kind: str
) -> None:
    elasticsearch.not_all_taken(outcome, ())
    assert (troubles.has(kind), str(troubles)) == (True, outcome.sentence)
    assert troubles.last_error == outcome.error


def test_one_that_refuses_everything_is_a_trouble(
    elasticsearch: ElasticsearchTroubles, troubles: Troubles
) -> None:
    elasticsearch.not_all_taken(Outcome(), {"ml-api-perfs", "ml-api-logs"})
    assert str(troubles) == ("Elasticsearch refuses every document for ml-api-logs, ml-api-perfs.")


def test_it_is_tried_again_later_each_time(
    elasticsearch: ElasticsearchTroubles, clock: Clock
) -> None:
    pauses = [elasticsearch.not_all_taken(FULL, ()) - clock.now for _ in range(10)]
    assert pauses[0] <= 0.25
    assert pauses[-1] >= MOST_SECONDS / 2


def test_when_nothing_waits_any_more_it_is_well(
    elasticsearch: ElasticsearchTroubles, troubles: Troubles
) -> None:
    for outcome in (FULL, REFUSED_US):
        elasticsearch.not_all_taken(outcome, ())
    elasticsearch.well([flight(troubled=False)])
    assert str(troubles) == ""


def test_while_a_batch_waits_it_is_not_well(
    elasticsearch: ElasticsearchTroubles, troubles: Troubles, clock: Clock
) -> None:
    elasticsearch.not_all_taken(FULL, ())
    clock.now += 100
    elasticsearch.well([flight(troubled=False), flight(troubled=True)])
    assert troubles.has("elasticsearch")
    # Others go through, so that nothing is given up.
    assert troubles.lasting(50) == ""
