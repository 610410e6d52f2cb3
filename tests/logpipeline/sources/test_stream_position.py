"""Where the group stands, from what Redis says of stream and group."""

import pytest

from logpipeline.sources.source import NoGroupError
from logpipeline.sources.stream_position import Position, as_numbers, following, group_named
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.logpipeline.sources.streams import Stream


def position_of(stream: Stream) -> Position:
    client = stream.client
    groups = client.xinfo_groups(STREAM_KEY)
    return Position.of(client.xinfo_stream(STREAM_KEY), group_named(GROUP, groups))


@pytest.fixture
def read_four_of_ten(stream: Stream) -> list[str]:
    """The ids of all ten."""
    given = stream.add_many(10)
    stream.client.xgroup_create(STREAM_KEY, GROUP, "0", entries_read=0)
    stream.client.xreadgroup(GROUP, "a", {STREAM_KEY: ">"}, count=4)
    return given


def test_it_knows_what_redis_knows(stream: Stream, read_four_of_ten: list[str]) -> None:
    found = position_of(stream)
    assert (found.length, found.entries_added, found.entries_read, found.pending) == (10, 10, 4, 4)
    assert (found.last_delivered, found.last_id) == (read_four_of_ten[3], read_four_of_ten[-1])


def test_what_is_not_read_is_unread(stream: Stream, read_four_of_ten: list[str]) -> None:
    assert position_of(stream).unread() == 6


def test_a_trim_of_what_was_read_changes_neither(
    stream: Stream, read_four_of_ten: list[str]
) -> None:
    stream.client.xtrim(STREAM_KEY, minid=read_four_of_ten[4], approximate=False)
    found = position_of(stream)
    assert (found.unread(), found.cut_unread()) == (6, 0)


def test_what_was_cut_before_it_was_read_is_counted(
    stream: Stream, read_four_of_ten: list[str]
) -> None:
    stream.client.xtrim(STREAM_KEY, maxlen=3, approximate=False)
    found = position_of(stream)
    assert (found.unread(), found.cut_unread()) == (3, 3)


def test_a_server_that_does_not_count_is_believed_to_have_cut_nothing() -> None:
    old = Position.of(
        {"length": 10, "last-generated-id": b"9-0"},
        {"name": b"g", "last-delivered-id": b"4-0", "pending": 4},
    )
    assert (old.unread(), old.cut_unread()) == (6, 0)


def test_without_the_group_there_is_no_position(stream: Stream) -> None:
    stream.add_many(1)
    stream.client.xgroup_create(STREAM_KEY, "somebody else", "0")
    with pytest.raises(NoGroupError):
        position_of(stream)


@pytest.mark.parametrize(
    ("identity", "numbers", "next_one"), [("5-3", (5, 3), "5-4"), ("5", (5, 0), "5-1")]
)
def test_ids_are_compared_and_counted(
    identity: str, numbers: tuple[int, int], next_one: str
) -> None:
    assert (as_numbers(identity), following(identity)) == (numbers, next_one)
