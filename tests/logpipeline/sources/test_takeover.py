"""What a dead pipeline had becomes a living one's; what kills pipelines is found out."""

from typing import Any

import pytest

from logpipeline.models import LogLoss
from logpipeline.sources.source import Delivery
from logpipeline.sources.takeover import ALIVE_KEY
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.logpipeline.sources.streams import Stream, ids
from tests.predictions.logs import Clock

pytestmark = pytest.mark.django_db


def delivered(stream: Stream, times: int, count: int = 1) -> list[str]:
    """Adds entries that were given out so often to one who died each time."""
    given: list[Any] = stream.add_many(count)
    stream.client.xreadgroup(GROUP, "dead", {STREAM_KEY: ">"})
    stream.client.xclaim(STREAM_KEY, GROUP, "dead", 0, given, idle=60_000, retrycount=times)
    return given


def deliveries_of(found: list[Delivery]) -> set[int]:
    return {delivery.deliveries for delivery in found}


def test_what_a_dead_one_had_is_given_to_the_next_one(stream: Stream) -> None:
    given = stream.add_many(2)
    stream.opened("a").read(0)
    stream.bury("a")
    found = stream.opened("b").read(0)
    assert ids(found) == given
    assert deliveries_of(found) == {2}


def test_it_is_then_pending_at_the_next_one(stream: Stream) -> None:
    (identity,) = stream.add_many(1)
    stream.opened("a").read(0)
    stream.bury("a")
    stream.opened("b").read(0)
    assert stream.pending() == {identity: ("b", 2)}


def test_what_a_living_one_has_is_its_own(stream: Stream) -> None:
    stream.add_many(1)
    stream.opened("a").read(0)
    stream.age("a")
    assert stream.opened("b").read(0) == []


def test_a_sign_of_life_lasts_as_long_as_was_said(stream: Stream) -> None:
    stream.opened("a", claim_after=5)
    stream.opened("b", claim_after=60).keep_alive()
    left = [stream.client.pttl(ALIVE_KEY + name) for name in ("a", "b")]
    assert 0 < left[0] <= 5_000 < left[1] <= 60_000


def test_a_sign_of_life_is_renewed(stream: Stream) -> None:
    source = stream.opened("a", claim_after=60)
    stream.client.pexpire(f"{ALIVE_KEY}a", 1_000)
    source.keep_alive()
    assert stream.client.pttl(f"{ALIVE_KEY}a") > 1_000


def test_one_that_was_taken_for_dead_lives_again(stream: Stream) -> None:
    source = stream.opened("a")
    stream.client.delete(f"{ALIVE_KEY}a")
    source.keep_alive()
    assert stream.client.exists(f"{ALIVE_KEY}a")


def test_all_that_dead_ones_had_comes_batch_by_batch(stream: Stream) -> None:
    given = stream.add_many(5)
    for name in ("a", "b"):
        stream.opened(name, batch_size=2).read(0)
    stream.bury("a")
    stream.bury("b")
    source = stream.opened("c", batch_size=2)
    assert [ids(source.read(0)) for _ in range(4)] == [given[:2], given[2:4], given[4:], []]


def test_it_looks_for_dead_ones_again_after_a_while(stream: Stream) -> None:
    clock = Clock()
    source = stream.opened("b", clock=clock, claim_after=30)
    source.read(0)
    given = stream.add_many(1)
    stream.opened("a").read(0)
    stream.bury("a")
    assert source.read(0) == []
    clock.now += 30
    assert ids(source.read(0)) == given


def test_it_looks_at_least_once_a_minute(stream: Stream) -> None:
    clock = Clock()
    source = stream.opened("b", clock=clock, claim_after=3600)
    source.read(0)
    given = stream.add_many(1)
    stream.opened("a").read(0)
    stream.bury("a")
    clock.now += 60
    assert ids(source.read(0)) == given


def test_two_that_look_at_the_same_moment_do_not_share_an_entry(stream: Stream) -> None:
    given = stream.add_many(1)
    stream.opened("a").read(0)
    stream.bury("a")
    first, second = stream.opened("b"), stream.opened("c")
    assert [ids(first.read(0)), ids(second.read(0))] == [given, []]


def test_one_whose_entries_are_too_young_is_looked_at_later(stream: Stream) -> None:
    clock = Clock()
    given = stream.add_many(1)
    stream.opened("a").read(0)
    stream.client.delete(f"{ALIVE_KEY}a")
    source = stream.opened("b", clock=clock)
    assert source.read(0) == []
    stream.age("a")
    clock.now += 30
    assert ids(source.read(0)) == given


# --- What kills its receivers ---------------------------------------------------------


@pytest.mark.parametrize(("times", "together"), [(1, 120), (2, 50), (3, 1), (4, 1)])
def test_the_more_often_it_killed_the_fewer_are_given_out_together(
    stream: Stream, times: int, together: int
) -> None:
    source = stream.opened("a")
    given = delivered(stream, times, 120)
    found = source.read(0)
    assert ids(found) == given[:together]
    assert deliveries_of(found) == {times + 1}


def test_the_least_suspect_come_first(stream: Stream) -> None:
    source = stream.opened("a")
    killer = delivered(stream, 4)
    innocent = delivered(stream, 1, 2)
    first = ids(source.read(0))
    source.acknowledge(first, (), {})
    assert [first, ids(source.read(0))] == [innocent, killer]


def test_a_suspect_shares_its_receiver_with_nobody(stream: Stream) -> None:
    source = stream.opened("a")
    (suspect,) = delivered(stream, 3)
    stream.add_many(2)
    assert ids(source.read(0)) == [suspect]
    assert source.read(0) == []
    source.acknowledge([suspect], (), {})
    assert len(source.read(0)) == 2


def test_a_suspect_waits_until_nothing_is_in_hand(stream: Stream) -> None:
    source = stream.opened("a")
    in_hand = delivered(stream, 1, 2)
    (suspect,) = delivered(stream, 3)
    source.read(0)
    stream.add_many(1)
    assert source.read(0) == []
    source.acknowledge(in_hand, (), {})
    assert ids(source.read(0)) == [suspect]


def test_those_whose_receiver_outlived_them_are_no_suspects(stream: Stream) -> None:
    source = stream.opened("a")
    (identity,) = delivered(stream, 4)
    source.read(0)
    source.survived([identity])
    assert stream.pending() == {identity: ("a", 1)}


def test_an_orderly_end_says_nothing_against_what_is_under_way(stream: Stream) -> None:
    source = stream.opened("a")
    given = delivered(stream, 3, 2)
    source.read(0)
    source.close()
    assert [count for _, count in stream.pending().values()] == [1, 3]
    assert list(stream.pending()) == given


def test_nothing_survives_an_empty_batch(stream: Stream) -> None:
    source = stream.opened("a")
    source.survived([])
    assert stream.pending() == {}


# --- Trimmed --------------------------------------------------------------------------


def test_what_was_cut_away_while_pending_is_counted_as_lost(stream: Stream) -> None:
    given = stream.add_many(3)
    stream.opened("a").read(0)
    stream.bury("a")
    stream.client.xtrim(STREAM_KEY, maxlen=1, approximate=False)
    assert ids(stream.opened("b").read(0)) == given[2:]
    loss = LogLoss.objects.get()
    assert (loss.at_least, loss.reason) == (2, LogLoss.Reason.TRIMMED)
    assert (loss.first_id, loss.last_id) == (given[0], given[1])


def test_what_was_cut_away_is_pending_no_more(stream: Stream) -> None:
    stream.add_many(2)
    stream.opened("a").read(0)
    stream.bury("a")
    stream.client.xtrim(STREAM_KEY, maxlen=0, approximate=False)
    assert stream.opened("b").read(0) == []
    assert stream.pending() == {}


def test_what_somebody_else_was_quicker_to_claim_is_not_lost(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = stream.add_many(2)
    stream.opened("a").read(0)
    stream.bury("a")
    source = stream.opened("b")
    look = source._client.xpending_range

    def look_and_be_slow(*where: Any, **how: Any) -> Any:
        found = look(*where, **how)
        stream.client.xclaim(STREAM_KEY, GROUP, "c", 0, given)
        return found

    monkeypatch.setattr(source._client, "xpending_range", look_and_be_slow)
    assert source.read(0) == []
    assert not LogLoss.objects.exists()
