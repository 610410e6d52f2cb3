"""The real site's log over HTTP: page by page, with a durable cursor, to an end."""

import time

import orjson
import pytest
from pytest_django import Settings

from logpipeline.delivery.preparation import MOST_DELIVERIES, prepare
from logpipeline.models import HttpCursor
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.http_source import HttpSource
from logpipeline.sources.source import Delivery, UnavailableError
from predictions.log.reader import HTTP_READER_KEY
from predictions.log.transaction_log import STREAM_KEY
from tests.conftest import Valkey
from tests.logpipeline.sources.site import (
    INTERVAL,
    URL,
    acknowledge,
    cursor,
    log_entries,
    redis_of_the_site_dies,
    source_of,
    transactions,
)
from tests.logpipeline.sources.streams import Stream
from tests.predictions.logs import Clock

pytestmark = pytest.mark.django_db

MOST_PAGES = 20


def everything(source: HttpSource) -> list[str]:
    """Opens it, reads and acknowledges until nothing is left."""
    source.open()
    read: list[str] = []
    for _ in range(MOST_PAGES):
        found = source.read(0)
        if not found:
            return read
        read += transactions(found)
        acknowledge(source, found)
    raise AssertionError("it never ends")


# --- Reading --------------------------------------------------------------------------


def test_all_entries_come_in_order_page_by_page(token: str) -> None:
    given = log_entries(25)
    assert everything(source_of(token, batch_size=10)) == given


def test_pages_are_never_so_small_that_reading_them_does_not_end(token: str) -> None:
    """Each leaves two entries in the log: that it was asked for, and that it was acknowledged."""
    given = log_entries(25)
    assert everything(source_of(token, batch_size=1)) == given


def test_an_entry_comes_as_it_was_written(source: HttpSource, stream: Stream) -> None:
    (identity,) = stream.add(b'{"data": {"transaction_id": "x", "n": 0.1}}')
    source.open()
    found = source.read(0)[0]
    assert (found.id, found.stream_id, found.deliveries) == (identity, identity, 1)
    assert orjson.loads(found.content) == {"data": {"transaction_id": "x", "n": 0.1}}


def test_an_empty_log_gives_nothing(source: HttpSource, stream: Stream) -> None:
    source.open()
    stream.client.delete(STREAM_KEY)
    assert source.read(0) == []
    assert source.drained()


@pytest.mark.parametrize("content", [b"\xff{", b"", b'{"data": '])
def test_what_the_site_cannot_decode_becomes_a_dead_letter(
    source: HttpSource, stream: Stream, settings: Settings, content: bytes
) -> None:
    (identity,) = stream.add(content)
    source.open()
    prepared = prepare(source.read(0)[:1], compile_rules(settings.LOG_PIPELINE_RULES), "")
    (letter,) = prepared.letters
    assert (letter.reason, letter.stream_id) == ("not_json", identity)
    assert letter.original == content.decode(errors="replace").encode()


# --- The cursor -----------------------------------------------------------------------


def test_the_cursor_is_kept_when_a_page_has_ended(source: HttpSource) -> None:
    log_entries(2)
    source.open()
    found = source.read(0)
    before = cursor().position
    acknowledge(source, found)
    assert (before, cursor().position) == ("0-0", found[-1].id)


def test_what_has_ended_is_trimmed_at_the_site(source: HttpSource, stream: Stream) -> None:
    log_entries(2)
    source.open()
    found = source.read(0)
    acknowledge(source, found)
    assert not {each.id for each in found} & set(stream.ids())


def test_the_next_process_goes_on_behind_what_has_ended(token: str) -> None:
    log_entries(2)
    everything(source_of(token))
    given = log_entries(2)
    assert everything(source_of(token)) == given


def test_a_page_that_has_not_ended_is_read_again(token: str) -> None:
    given = log_entries(2)
    killed = source_of(token)
    killed.open()
    killed.read(0)
    assert everything(source_of(token)) == given


def test_acknowledging_again_changes_nothing(source: HttpSource) -> None:
    log_entries(2)
    source.open()
    found = source.read(0)
    acknowledge(source, found)
    acknowledge(source, found)
    assert (cursor().position, cursor().attempts) == (found[-1].id, 0)


def test_the_cursor_is_kept_though_the_site_does_not_hear_of_it(
    source: HttpSource, own_valkey: Valkey, settings: Settings
) -> None:
    log_entries(2)
    source.open()
    found = source.read(0)
    redis_of_the_site_dies(settings, own_valkey)
    with pytest.raises(UnavailableError):
        acknowledge(source, found)
    assert cursor().position == found[-1].id


def test_each_site_has_a_cursor_of_its_own(token: str) -> None:
    source_of(token).open()
    source_of(token, url="http://localhost/").open()
    urls = HttpCursor.objects.values_list("url", flat=True)
    assert sorted(urls) == ["http://localhost", URL]


# --- It ends --------------------------------------------------------------------------


def test_its_own_requests_do_not_keep_it_busy(source: HttpSource, stream: Stream) -> None:
    """Each of them is an entry of the log."""
    log_entries(2)
    source.open()
    acknowledge(source, source.read(0))
    assert stream.ids()
    assert (source.read(0), source.drained()) == ([], True)


def test_it_asks_again_after_the_interval(token: str) -> None:
    clock = Clock()
    source = source_of(token, clock=clock)
    everything(source)
    given = log_entries(2)
    assert source.read(0) == []
    clock.now += INTERVAL
    assert transactions(source.read(0)) == given


def test_it_asks_at_once_while_there_is_more(token: str) -> None:
    given = log_entries(12)
    source = source_of(token, batch_size=10)
    source.open()
    found = source.read(0)
    assert not source.drained()
    acknowledge(source, found)
    assert transactions(source.read(0)) == given[10:]


def test_it_waits_as_it_is_told(source: HttpSource) -> None:
    source.open()
    source.read(0)
    began = time.monotonic()
    assert source.read(0.1) == []
    assert time.monotonic() - began >= 0.1


def test_the_backlog_is_what_the_site_last_said(token: str) -> None:
    source = source_of(token, batch_size=10)
    log_entries(15)
    source.open()
    source.read(0)
    # And the opening.
    assert source.backlog() == 16


# --- Looking without reading ----------------------------------------------------------


def test_a_dry_look_shows_all_and_ends(token: str, stream: Stream) -> None:
    given = log_entries(25)
    pages = list(source_of(token, batch_size=10).waiting())
    assert [each for page in pages for each in transactions(page)] == given


def test_a_dry_look_changes_nothing(token: str, stream: Stream) -> None:
    log_entries(2)
    before = stream.ids()
    list(source_of(token).waiting())
    assert stream.ids()[:2] == before
    assert not stream.client.exists(HTTP_READER_KEY)
    assert not HttpCursor.objects.exists()


# --- What kills its receivers ---------------------------------------------------------


def killed_reader_of(token: str) -> list[Delivery]:
    """What a process was given that was killed by it."""
    source = source_of(token)
    source.open()
    return source.read(0)


@pytest.mark.parametrize(("times", "together"), [(0, 60), (1, 60), (2, 50), (3, 1), (4, 1)])
def test_the_more_often_a_page_killed_the_smaller_it_is(
    token: str, times: int, together: int
) -> None:
    log_entries(60)
    for _ in range(times):
        killed_reader_of(token)
    found = killed_reader_of(token)
    assert len(transactions(found)) == together
    assert {each.deliveries for each in found} == {times + 1}


def test_an_entry_that_killed_again_and_again_is_poison(token: str, settings: Settings) -> None:
    log_entries(2)
    for _ in range(MOST_DELIVERIES):
        killed_reader_of(token)
    prepared = prepare(killed_reader_of(token), compile_rules(settings.LOG_PIPELINE_RULES), "")
    assert [letter.reason for letter in prepared.letters] == ["poison"]


def test_after_the_poison_the_pages_grow_again(token: str) -> None:
    log_entries(60)
    for _ in range(MOST_DELIVERIES):
        killed_reader_of(token)
    source = source_of(token)
    source.open()
    sizes: list[int] = []
    for _ in range(6):
        found = source.read(0)
        sizes.append(len(found))
        acknowledge(source, found)
    assert sizes[:4] == [1, 1, 1, 50]
    # Nothing was left when it came to the sixth.
    assert sizes[4] > 0 == sizes[5]


def test_an_orderly_end_says_nothing_against_a_page(token: str) -> None:
    log_entries(2)
    for _ in range(4):
        source = source_of(token)
        source.open()
        source.read(0)
        source.close()
    assert {each.deliveries for each in killed_reader_of(token)} == {1}


def test_a_page_whose_receiver_outlived_it_is_no_suspect(source: HttpSource, token: str) -> None:
    log_entries(2)
    source.open()
    found = source.read(0)
    source.survived([each.id for each in found])
    assert {each.deliveries for each in killed_reader_of(token)} == {1}


def test_it_needs_nothing_to_keep_alive(source: HttpSource, stream: Stream) -> None:
    source.keep_alive()
    assert stream.ids() == []
