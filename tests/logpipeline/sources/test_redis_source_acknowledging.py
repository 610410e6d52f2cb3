"""What is acknowledged is gone from the stream; what is not is given back."""

import pytest
import redis

from logpipeline.models import StreamMark
from logpipeline.sources.redis_source import COUNTERS_KEY
from logpipeline.sources.source import CredentialsError
from logpipeline.sources.takeover import ALIVE_KEY
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.logpipeline.sources.streams import Stream, ids

pytestmark = pytest.mark.django_db


# --- Acknowledging --------------------------------------------------------------------


def test_what_is_acknowledged_is_gone(stream: Stream) -> None:
    source = stream.opened()
    given = stream.add_many(3)
    source.read(0)
    source.acknowledge(given, set(), {})
    assert (stream.pending(), stream.ids()) == ({}, [])


def test_what_is_not_acknowledged_stays(stream: Stream) -> None:
    source = stream.opened()
    given = stream.add_many(3)
    source.read(0)
    source.acknowledge(given[1:], set(), {})
    assert (list(stream.pending()), stream.ids()) == (given[:1], given)


def test_what_another_one_has_stays(stream: Stream) -> None:
    first, second = stream.opened("a", batch_size=1), stream.opened("b", batch_size=1)
    given = stream.add_many(2)
    first.read(0)
    second.read(0)
    second.acknowledge(given[1:], set(), {})
    assert stream.ids() == given


def test_what_nobody_has_read_stays(stream: Stream) -> None:
    source = stream.opened(batch_size=1)
    given = stream.add_many(2)
    source.read(0)
    source.acknowledge(given[:1], set(), {})
    assert stream.ids() == given[1:]


def test_the_counts_are_added_in_redis(stream: Stream) -> None:
    source = stream.opened(batch_size=1)
    for identity in stream.add_many(2):
        source.read(0)
        source.acknowledge([identity], set(), {"read": 1, "indexed": 3})
    assert stream.client.hgetall(COUNTERS_KEY) == {b"read": b"2", b"indexed": b"6"}


def test_a_trim_that_failed_is_repeated_and_nothing_counted_twice(own_stream: Stream) -> None:
    own_stream.allow("pipeline", "+@all", "-xtrim")
    own_stream.client.xgroup_create(STREAM_KEY, GROUP, "0", mkstream=True)
    source = own_stream.source(user="pipeline")
    given = own_stream.add_many(2)
    source.read(0)
    with pytest.raises(CredentialsError):
        source.acknowledge(given, set(), {"read": 2})
    own_stream.allow("pipeline", "+xtrim")
    source.acknowledge(given, set(), {"read": 2})
    assert own_stream.client.hgetall(COUNTERS_KEY) == {b"read": b"2"}
    assert own_stream.ids() == []


# --- A Redis that is full -------------------------------------------------------------


def test_a_full_redis_is_emptied_and_counted_afterwards(own_stream: Stream) -> None:
    source = own_stream.opened(batch_size=1)
    given = own_stream.add_many(2)
    own_stream.fill()
    source.read(0)
    source.acknowledge(given[:1], set(), {"read": 1})
    assert (own_stream.pending(), own_stream.ids()) == ({}, given[1:])
    own_stream.make_room()
    source.read(0)
    source.acknowledge(given[1:], set(), {"read": 1})
    assert own_stream.client.hgetall(COUNTERS_KEY) == {b"read": b"2"}


def test_a_pipeline_starts_on_a_full_redis(own_stream: Stream) -> None:
    own_stream.opened("a")
    given = own_stream.add_many(1)
    own_stream.fill()
    source = own_stream.opened("b")
    source.keep_alive()
    assert ids(source.read(0)) == given


def test_a_pipeline_lives_on_while_redis_is_full(own_stream: Stream) -> None:
    source = own_stream.opened("a")
    own_stream.client.pexpire(f"{ALIVE_KEY}a", 5_000)
    own_stream.fill()
    source.keep_alive()
    assert own_stream.client.pttl(f"{ALIVE_KEY}a") > 5_000


# --- Closing --------------------------------------------------------------------------


def test_what_it_gives_back_another_one_has_at_once(stream: Stream) -> None:
    first, second = stream.opened("a"), stream.opened("b")
    given = stream.add_many(2)
    first.read(0)
    first.close()
    stream.age("a")
    assert ids(second.read(0)) == given


def test_one_with_nothing_pending_is_forgotten(stream: Stream) -> None:
    source = stream.opened("a")
    given = stream.add_many(1)
    source.read(0)
    source.acknowledge(given, set(), {})
    source.close()
    assert stream.consumers() == []


def test_closing_never_raises(own_stream: Stream) -> None:
    source = own_stream.opened()
    own_stream.add_many(1)
    source.read(0)
    own_stream.valkey.kill()
    source.close()
    with pytest.raises(redis.ConnectionError):
        own_stream.client.ping()


def test_what_is_left_when_it_closes_is_remembered(stream: Stream) -> None:
    source = stream.opened(batch_size=2)
    stream.add_many(5)
    source.read(0)
    source.close()
    assert StreamMark.objects.get().unacked == 5
