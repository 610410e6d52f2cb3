"""Queued dead letters as a source: taken once, settled, or left as they are."""

import pytest

from logpipeline.dead_letters import store
from logpipeline.models import DeadLetter
from logpipeline.sources.dead_letter_source import DeadLetterSource
from tests.logpipeline.letters import letter, letters, stored
from tests.logpipeline.sources.streams import database_away, ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> DeadLetterSource:
    source = DeadLetterSource(batch_size=2)
    source.open()
    return source


def queued(count: int) -> list[str]:
    """Stores so many and queues them; their keys."""
    given = letters(count)
    store(given)
    DeadLetter.objects.update(queued=True)
    return [each.key for each in given]


def test_only_the_queued_ones_are_read(source: DeadLetterSource) -> None:
    store(letters(2))
    DeadLetter.objects.filter(key=letter(1).key).update(queued=True)
    assert ids(source.read(0)) == [letter(1).key]


def test_one_is_read_as_it_was_stored_for_its_index_only(source: DeadLetterSource) -> None:
    queued(1)
    (delivery,) = source.read(0)
    assert (delivery.content, delivery.stream_id) == (letter().original, letter().stream_id)
    assert (delivery.only, delivery.deliveries) == (letter().index, 1)


def test_a_batch_at_a_time_and_none_twice(source: DeadLetterSource) -> None:
    given = queued(3)
    assert [ids(source.read(0)) for _ in range(3)] == [given[:2], given[2:], []]


def test_what_arrived_is_forgotten(source: DeadLetterSource) -> None:
    given = queued(2)
    source.read(0)
    source.acknowledge(given, set(), {})
    assert not DeadLetter.objects.exists()


def test_what_was_refused_again_stays(source: DeadLetterSource) -> None:
    given = queued(2)
    source.read(0)
    source.acknowledge(given, {given[0]}, {})
    assert list(DeadLetter.objects.values_list("key", flat=True)) == given[:1]


def test_what_was_taken_by_one_that_was_killed_is_a_dead_letter_still(
    source: DeadLetterSource,
) -> None:
    queued(1)
    source.read(0)
    assert DeadLetterSource(batch_size=2).read(0) == []
    assert stored(letter()).queued is False


def test_what_was_taken_by_one_that_ended_in_order_is_queued_again(
    source: DeadLetterSource,
) -> None:
    given = queued(2)
    source.read(0)
    source.acknowledge(given[:1], {given[0]}, {})
    source.close()
    assert ids(source.read(0)) == given[1:]


def test_the_backlog_is_what_is_queued(source: DeadLetterSource) -> None:
    queued(3)
    source.read(0)
    assert source.backlog() == 1


def test_it_keeps_nothing_alive_and_is_always_drained(source: DeadLetterSource) -> None:
    (key,) = queued(1)
    source.keep_alive()
    source.survived([key])
    assert source.drained()


@pytest.mark.django_db(transaction=True)
def test_closing_never_raises(source: DeadLetterSource) -> None:
    queued(1)
    source.read(0)
    with database_away():
        source.close()
    assert stored(letter()).queued is False
