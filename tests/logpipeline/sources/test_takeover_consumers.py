"""Who else reads the stream: who is forgotten, and who may still have something for us."""

import pytest
import redis

from tests.logpipeline.sources.streams import Stream, ids
from tests.predictions.logs import Clock

pytestmark = pytest.mark.django_db


# --- Consumers ------------------------------------------------------------------------


def test_a_dead_one_with_nothing_pending_is_forgotten(stream: Stream) -> None:
    stream.opened("a").read(0)
    stream.bury("a")
    stream.opened("b").read(0)
    assert stream.consumers() == ["b"]


def test_a_living_one_with_nothing_pending_is_not(stream: Stream) -> None:
    stream.opened("a").read(0)
    stream.opened("b").read(0)
    assert stream.consumers() == ["a", "b"]


def test_one_that_reads_while_it_is_being_forgotten_keeps_its_entries(stream: Stream) -> None:
    """It was slow, not dead: between the look and the deletion it has read."""
    source = stream.opened("b")
    given = stream.add_many(1)
    stream.opened("a").read(0)
    source._takeover._delete("a")
    assert stream.pending() == {given[0]: ("a", 1)}


# --- Drained? -------------------------------------------------------------------------


def test_nothing_comes_of_nobody(stream: Stream) -> None:
    assert stream.opened("a").drained()


def test_what_a_living_one_has_may_come_until_it_has_shown_that_it_lives(stream: Stream) -> None:
    clock = Clock()
    source = stream.opened("a", clock=clock, claim_after=30)
    stream.add_many(1)
    stream.opened("b").read(0)
    assert not source.drained()
    clock.now += 31
    assert source.drained()


def test_what_a_dead_one_has_will_come(stream: Stream) -> None:
    clock = Clock()
    source = stream.opened("a", clock=clock, claim_after=30)
    stream.add_many(1)
    stream.opened("b").read(0)
    source.drained()
    clock.now += 31
    stream.bury("b")
    assert not source.drained()


def test_after_the_question_it_looks_at_once(stream: Stream) -> None:
    source = stream.opened("a")
    source.read(0)
    given = stream.add_many(1)
    stream.opened("b").read(0)
    stream.bury("b")
    assert not source.drained()
    assert ids(source.read(0)) == given


def test_each_question_has_its_own_time(stream: Stream) -> None:
    """Long ago somebody was found alive; that says nothing of who has entries today."""
    clock = Clock()
    source = stream.opened("a", clock=clock, claim_after=30)
    other = stream.opened("b")
    other.read(0)
    first, _ = stream.add_many(1), other.read(0)
    source.drained()
    other.acknowledge(first, set(), {})
    source.drained()
    clock.now += 31
    stream.add_many(1)
    other.read(0)
    assert not source.drained()


# --- Redis away -----------------------------------------------------------------------


def test_leaving_never_raises(own_stream: Stream) -> None:
    source = own_stream.opened("a")
    own_stream.valkey.kill()
    source._takeover.leave(["1-0"])
    with pytest.raises(redis.ConnectionError):
        own_stream.client.ping()
