"""What the stream lost before a pipeline had it is noticed, counted once, and kept."""

import logging

import pytest
from django.db import OperationalError

from logpipeline.models import LogLoss, StreamMark
from logpipeline.sources import losses
from logpipeline.sources.losses import Losses
from logpipeline.sources.stream_position import Position
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.logpipeline.sources.streams import Stream, database_away, ids

pytestmark = pytest.mark.django_db

FLUSH, VALVE = LogLoss.Reason.FLUSH, LogLoss.Reason.SAFETY_VALVE


def position(added: int = 10, length: int = 10, read: int = 0, pending: int = 0) -> Position:
    return Position(length, "9-0", added, read, "0-0", pending)


def told() -> list[tuple[str, int]]:
    """What the auditor is told, in order."""
    return list(LogLoss.objects.order_by("id").values_list("reason", "at_least"))


# --- The safety valve -----------------------------------------------------------------


def test_what_the_safety_valve_cut_is_lost(stream: Stream) -> None:
    ours = Losses()
    source = stream.opened(losses=ours)
    given = stream.add_many(10)
    stream.client.xtrim(STREAM_KEY, maxlen=4, approximate=False)
    assert ids(source.read(0)) == given[6:]
    assert (ours.lost, told()) == (6, [(VALVE, 6)])


def test_it_is_told_once(stream: Stream) -> None:
    source = stream.opened(batch_size=2)
    stream.add_many(10)
    stream.client.xtrim(STREAM_KEY, maxlen=4, approximate=False)
    for _ in range(3):
        source.read(0)
    assert told() == [(VALVE, 6)]


def test_it_is_told_once_where_nothing_is_left_to_read(stream: Stream) -> None:
    source = stream.opened()
    stream.add_many(10)
    stream.client.xtrim(STREAM_KEY, maxlen=0, approximate=False)
    for _ in range(3):
        source.read(0)
    stream.opened("b").read(0)
    assert told() == [(VALVE, 10)]


def test_what_comes_after_a_stream_was_emptied_is_read(stream: Stream) -> None:
    source = stream.opened()
    stream.add_many(10)
    stream.client.xtrim(STREAM_KEY, maxlen=0, approximate=False)
    source.read(0)
    given = stream.add_many(2)
    assert ids(source.read(0)) == given
    assert source.backlog() == 2


def test_what_was_cut_before_the_first_pipeline_is_not_ours(stream: Stream) -> None:
    stream.add_many(10)
    stream.client.xtrim(STREAM_KEY, maxlen=4, approximate=False)
    stream.opened().read(0)
    assert told() == []


def test_what_was_acknowledged_and_trimmed_is_not_lost(stream: Stream) -> None:
    source = stream.opened(batch_size=5)
    stream.add_many(10)
    for _ in range(2):
        source.acknowledge(ids(source.read(0)), set(), {})
    source.read(0)
    assert told() == []


def test_the_log_says_how_many_and_why(caplog: pytest.LogCaptureFixture) -> None:
    Losses().check(position(length=7), 7)
    assert caplog.messages == ["At least 3 log entries were lost in Redis: safety valve."]
    assert caplog.records[0].levelno == logging.ERROR


# --- Emptied --------------------------------------------------------------------------


def test_what_was_unread_when_redis_was_emptied_is_lost(stream: Stream) -> None:
    source = stream.opened()
    stream.add_many(3)
    source.keep_alive()
    stream.client.flushall()
    source.read(0)
    assert told() == [(FLUSH, 3)]


def test_what_was_read_before_is_in_our_hands(stream: Stream) -> None:
    source = stream.opened(batch_size=2)
    stream.add_many(3)
    source.keep_alive()
    source.read(0)
    stream.client.flushall()
    source.read(0)
    assert told() == [(FLUSH, 1)]


def test_the_next_pipeline_notices_it_too(stream: Stream) -> None:
    source = stream.opened()
    stream.add_many(3)
    source.keep_alive()
    stream.client.flushall()
    stream.opened("b")
    assert told() == [(FLUSH, 3)]


def test_what_a_dead_one_had_read_was_in_redis_only(stream: Stream) -> None:
    source = stream.opened("a", batch_size=2)
    stream.add_many(3)
    source.read(0)
    source.keep_alive()
    stream.client.flushall()
    stream.opened("b")
    assert told() == [(FLUSH, 3)]


def test_what_was_acknowledged_before_an_orderly_end_is_not_lost(stream: Stream) -> None:
    source = stream.opened()
    stream.add_many(3)
    source.keep_alive()
    source.acknowledge(ids(source.read(0)), set(), {})
    source.close()
    stream.client.flushall()
    stream.opened("b")
    assert told() == []


def test_of_several_pipelines_one_tells_it(stream: Stream) -> None:
    first, second = stream.opened("a"), stream.opened("b")
    stream.add_many(3)
    first.keep_alive()
    stream.client.flushall()
    first.read(0)
    second.read(0)
    assert told() == [(FLUSH, 3)]


def test_of_two_that_notice_it_at_once_one_tells_it(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = stream.opened()
    stream.add_many(3)
    source.keep_alive()
    stream.client.flushall()

    def compare_and_be_slow(*_: object) -> bool:
        StreamMark.objects.all().delete()
        return False

    monkeypatch.setattr(losses, "_is_older", compare_and_be_slow)
    source.read(0)
    assert told() == []


def test_a_group_that_somebody_destroyed_is_no_loss(stream: Stream) -> None:
    source = stream.opened()
    given = stream.add_many(3)
    source.keep_alive()
    stream.client.xgroup_destroy(STREAM_KEY, GROUP)
    assert [ids(source.read(0)) for _ in range(2)] == [[], given]
    assert told() == []


def test_a_first_start_is_no_loss(stream: Stream) -> None:
    stream.opened()
    assert told() == []


def test_an_empty_stream_that_was_flushed_is_no_loss(stream: Stream) -> None:
    source = stream.opened()
    source.keep_alive()
    stream.client.flushall()
    source.read(0)
    assert told() == []


def test_the_mark_is_renewed_in_its_place() -> None:
    ours = Losses()
    ours.remember(position())
    ours.remember(position(added=12, length=8, read=9, pending=5))
    mark = StreamMark.objects.get()
    # Three are unread.
    assert (mark.key, mark.entries_added, mark.last_id, mark.unacked) == (STREAM_KEY, 12, "9-0", 8)


def test_a_server_that_does_not_count_still_has_a_mark() -> None:
    Losses().remember(Position(5, "9-0", None, None, "0-0", 2))
    mark = StreamMark.objects.get()
    assert (mark.entries_added, mark.unacked) == (0, 5)


# --- The database away ----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_loss_is_recorded_when_the_database_is_back(caplog: pytest.LogCaptureFixture) -> None:
    ours = Losses()
    with database_away():
        ours.check(position(length=7), 7)
    assert told() == []
    assert caplog.messages[-1] == "The loss will be recorded later: OperationalError."
    ours.remember(position())
    assert (ours.lost, told()) == (3, [(VALVE, 3)])


@pytest.mark.django_db(transaction=True)
def test_several_losses_are_recorded_then(caplog: pytest.LogCaptureFixture) -> None:
    ours = Losses()
    with database_away():
        ours.check(position(length=7), 7)
        ours.trimmed_while_pending(["1-0", "2-0"])
    ours.remember(position())
    assert told() == [(VALVE, 3), (LogLoss.Reason.TRIMMED, 2)]


@pytest.mark.django_db(transaction=True)
def test_a_flush_is_noticed_when_the_database_is_back(stream: Stream) -> None:
    source = stream.opened()
    stream.add_many(3)
    source.keep_alive()
    stream.client.flushall()
    with database_away(), pytest.raises(OperationalError):
        source.read(0)
    given = stream.add_many(1)
    assert [ids(source.read(0)) for _ in range(2)] == [[], given]
    assert told() == [(FLUSH, 3)]
