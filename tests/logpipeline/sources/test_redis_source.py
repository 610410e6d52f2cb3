"""The Redis stream as a source: read once, kept pending, never forgotten."""

from threading import Timer

import pytest

from logpipeline.models import LogLoss, StreamMark
from logpipeline.sources.losses import Losses
from logpipeline.sources.redis_source import COUNTERS_KEY, RedisSource
from logpipeline.sources.source import ConflictError, UnavailableError
from predictions.log.reader import HTTP_READER_KEY
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.logpipeline.sources.streams import Stream, ids

pytestmark = pytest.mark.django_db


# --- Opening --------------------------------------------------------------------------


def test_what_came_before_the_first_pipeline_is_read(stream: Stream) -> None:
    given = stream.add(b"one", b"two")
    assert ids(stream.opened().read(0)) == given


def test_opening_again_changes_nothing(stream: Stream) -> None:
    source = stream.opened()
    given = stream.add_many(2)
    source.read(0)
    source.open()
    assert source.read(0) == []
    assert list(stream.pending()) == given


class SomebodyElseIsQuicker(Losses):
    """Called between the look for the group and its making."""

    def __init__(self, stream: Stream) -> None:
        super().__init__()
        self._stream = stream

    def group_is_gone(self, first_id: str) -> None:
        self._stream.opened("quicker")


def test_two_that_open_at_once_share_the_group(stream: Stream) -> None:
    source = stream.opened(losses=SomebodyElseIsQuicker(stream))
    given = stream.add_many(1)
    assert ids(source.read(0)) == given


def test_a_full_redis_has_no_room_for_the_group(own_stream: Stream) -> None:
    own_stream.fill()
    with pytest.raises(UnavailableError, match="full"):
        own_stream.source().open()


def test_it_does_not_open_beside_a_reader_over_http(stream: Stream) -> None:
    stream.client.set(HTTP_READER_KEY, "1-0")
    with pytest.raises(ConflictError, match=HTTP_READER_KEY):
        stream.source().open()


def test_it_does_not_open_on_a_redis_that_may_delete_the_stream(own_stream: Stream) -> None:
    own_stream.client.config_set("maxmemory", "1gb")
    own_stream.client.config_set("maxmemory-policy", "allkeys-lru")
    with pytest.raises(ConflictError, match="allkeys-lru"):
        own_stream.source().open()


@pytest.mark.parametrize(
    ("limit", "policy"), [("0", "allkeys-lru"), ("1gb", "noeviction")], ids=["no limit", "refuses"]
)
def test_it_opens_on_a_redis_that_deletes_nothing(
    own_stream: Stream, limit: str, policy: str
) -> None:
    own_stream.client.config_set("maxmemory", limit)
    own_stream.client.config_set("maxmemory-policy", policy)
    assert own_stream.opened().read(0) == []


def test_what_was_acknowledged_before_a_crash_and_not_trimmed_is_trimmed(stream: Stream) -> None:
    source = stream.opened()
    first, second = stream.add_many(2)
    source.read(0)
    stream.client.xack(STREAM_KEY, GROUP, first)
    stream.opened("b")
    assert stream.ids() == [second]


# --- Reading --------------------------------------------------------------------------


def test_it_reads_in_order_a_batch_at_a_time(stream: Stream) -> None:
    source = stream.opened(batch_size=3)
    given = stream.add_many(5)
    assert [ids(source.read(0)) for _ in range(3)] == [given[:3], given[3:], []]


def test_a_batch_may_need_several_replies(stream: Stream) -> None:
    source = stream.opened(batch_size=600)
    given = stream.add_many(700)
    assert ids(source.read(0)) == given[:600]


def test_an_entry_is_given_as_it_came(stream: Stream) -> None:
    source = stream.opened()
    identity = stream.add(b'{"data": 1}')[0]
    (delivery,) = source.read(0)
    assert (delivery.id, delivery.stream_id) == (identity, identity)
    assert (delivery.content, delivery.deliveries, delivery.only) == (b'{"data": 1}', 1, "")


def test_an_entry_without_our_field_is_an_empty_one(stream: Stream) -> None:
    source = stream.opened()
    stream.client.xadd(STREAM_KEY, {"somebody": "else"})
    assert [each.content for each in source.read(0)] == [b""]


def test_large_entries_are_given_out_in_smaller_batches(stream: Stream) -> None:
    source = stream.opened()
    given = stream.add(*[b"x" * 1_000_000] * 6)
    assert [ids(source.read(0)) for _ in range(3)] == [given[:4], given[4:], []]


def test_it_waits_for_an_entry(stream: Stream) -> None:
    source = stream.opened()
    timer = Timer(0.1, stream.add, [b"late"])
    timer.start()
    found = source.read(10)
    timer.join()
    assert [each.content for each in found] == [b"late"]


def test_it_does_not_wait_for_ever(stream: Stream) -> None:
    assert stream.opened().read(0.01) == []


def test_what_two_read_is_given_to_one_of_them(stream: Stream) -> None:
    first, second = stream.opened("a", batch_size=2), stream.opened("b", batch_size=2)
    given = stream.add_many(4)
    assert ids(first.read(0)) + ids(second.read(0)) == given


def lose_an_answer(stream: Stream, source: RedisSource) -> None:
    """Its connection is cut while it waits for one."""
    timer = Timer(0.05, stream.cut_connections)
    timer.start()
    with pytest.raises(UnavailableError):
        source.read(10)
    timer.join()


def test_what_an_answer_that_never_came_held_is_given_again(stream: Stream) -> None:
    source = stream.opened("a")
    kept, lost = stream.add_many(2)
    stream.client.xreadgroup(GROUP, "a", {STREAM_KEY: ">"}, count=2)
    # It has the first one in its hands, of the second one it never heard.
    source._in_hand.add(kept)
    lose_an_answer(stream, source)
    assert [ids(source.read(0)) for _ in range(2)] == [[lost], []]


def test_what_was_cut_before_its_answer_came_is_lost_and_counted(stream: Stream) -> None:
    source = stream.opened("a")
    given = stream.add_many(2)
    stream.client.xreadgroup(GROUP, "a", {STREAM_KEY: ">"})
    lose_an_answer(stream, source)
    stream.client.xtrim(STREAM_KEY, maxlen=1, approximate=False)
    assert ids(source.read(0)) == given[1:]
    assert list(stream.pending()) == given[1:]
    assert LogLoss.objects.get().reason == LogLoss.Reason.TRIMMED


def test_redis_away_is_named(own_stream: Stream) -> None:
    source = own_stream.opened()
    own_stream.valkey.kill()
    with pytest.raises(UnavailableError, match="cannot be reached"):
        source.read(0)


# --- Emptied --------------------------------------------------------------------------


def test_after_a_flush_it_goes_on_from_the_first_new_entry(stream: Stream) -> None:
    source = stream.opened()
    stream.client.flushall()
    given = stream.add_many(2)
    assert [ids(source.read(0)) for _ in range(2)] == [[], given]


def test_a_flush_while_it_waits_does_no_harm(stream: Stream) -> None:
    source = stream.opened()
    timer = Timer(0.1, stream.client.flushall)
    timer.start()
    assert source.read(10) == []
    timer.join()
    given = stream.add_many(1)
    assert [ids(source.read(0)) for _ in range(2)] in ([[], given], [given, []])


def test_acknowledging_what_was_flushed_does_no_harm(stream: Stream) -> None:
    source = stream.opened()
    given = stream.add_many(2)
    source.read(0)
    stream.client.flushall()
    source.acknowledge(given, set(), {"read": 2})
    assert stream.client.hgetall(COUNTERS_KEY) == {b"read": b"2"}


def test_keeping_alive_on_an_emptied_redis_does_no_harm(stream: Stream) -> None:
    source = stream.opened()
    stream.client.flushall()
    source.keep_alive()
    stream.add_many(1)
    source.keep_alive()
    # As it was before.
    assert StreamMark.objects.get().unacked == 0


# --- Looking without reading ----------------------------------------------------------


def test_all_that_waits_is_shown_and_nothing_taken(stream: Stream) -> None:
    source = stream.opened()
    given = stream.add_many(300)
    pages = list(source.waiting())
    assert [identity for page in pages for identity in ids(page)] == given
    assert stream.pending() == {}


def test_a_dry_look_at_an_empty_redis_shows_nothing(stream: Stream) -> None:
    assert list(stream.source().waiting()) == []


def test_the_backlog_is_what_is_unread_and_what_is_not_acknowledged(stream: Stream) -> None:
    source = stream.opened(batch_size=2)
    given = stream.add_many(5)
    source.read(0)
    assert source.backlog() == 5
    source.acknowledge(given[:2], set(), {})
    assert source.backlog() == 3


def test_an_empty_redis_has_no_backlog(stream: Stream) -> None:
    assert stream.source().backlog() == 0


def test_it_is_drained_when_nobody_else_has_entries(stream: Stream) -> None:
    source = stream.opened("a", batch_size=1)
    stream.add_many(2)
    assert source.drained()
    stream.opened("b", batch_size=1).read(0)
    assert not source.drained()
