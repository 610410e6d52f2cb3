"""A site that does not let us read, and one that somebody else reads: said in one sentence."""

import pytest
from pytest_django import Settings

from logpipeline.sources.http_source import HttpSource
from logpipeline.sources.source import (
    ConflictError,
    CredentialsError,
    UnavailableError,
)
from predictions.log.reader import HTTP_READER_KEY
from predictions.log.transaction_log import GROUP, STREAM_KEY
from tests.conftest import Valkey
from tests.logpipeline.sources.site import (
    INTERVAL,
    URL,
    acknowledge,
    answering_source,
    cursor,
    log_entries,
    redis_of_the_site_dies,
    source_of,
    token_of,
    transactions,
)
from tests.logpipeline.sources.streams import Stream, database_away
from tools.run.address import free_port

pytestmark = pytest.mark.django_db


# --- One reader only ------------------------------------------------------------------


def test_it_does_not_open_beside_a_pipeline_that_reads_from_redis(
    source: HttpSource, stream: Stream
) -> None:
    stream.add_many(1)
    stream.opened().read(0)
    with pytest.raises(ConflictError, match="Only one kind may"):
        source.open()


def test_it_ends_where_a_pipeline_begins_to_read_from_redis(
    source: HttpSource, stream: Stream
) -> None:
    log_entries(2)
    source.open()
    found = source.read(0)
    stream.client.xgroup_create(STREAM_KEY, GROUP, "0")
    stream.client.xreadgroup(GROUP, "a", {STREAM_KEY: ">"})
    with pytest.raises(ConflictError):
        acknowledge(source, found)
    assert {each.id for each in found} <= set(stream.ids())


def test_no_pipeline_reads_from_redis_beside_it(source: HttpSource, stream: Stream) -> None:
    log_entries(1)
    source.open()
    with pytest.raises(ConflictError, match=HTTP_READER_KEY):
        stream.source().open()


def test_it_follows_a_pipeline_that_read_from_redis_and_ended(
    source: HttpSource, stream: Stream
) -> None:
    given = log_entries(1)
    stream.opened().close()
    source.open()
    assert transactions(source.read(0)) == given


# --- A site that refuses --------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_is_refused_credentials(valkey: Valkey, token: str) -> None:
    with pytest.raises(CredentialsError, match="status 401"):
        source_of(token).open()


def test_a_user_who_is_not_staff_is_refused(valkey: Valkey) -> None:
    with pytest.raises(CredentialsError, match=r"status 403.*staff"):
        source_of(token_of("nurse", is_staff=False)).open()


def test_a_site_without_its_redis_is_unavailable(
    source: HttpSource, own_valkey: Valkey, settings: Settings
) -> None:
    source.open()
    redis_of_the_site_dies(settings, own_valkey)
    with pytest.raises(UnavailableError, match="/logs_api answers 503"):
        source.read(0)


def test_a_site_that_is_away_is_named() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    source = HttpSource(url, "", batch_size=10, interval=INTERVAL)
    with pytest.raises(UnavailableError, match=rf"{url} cannot be reached \(ConnectError\)"):
        source.open()
    source.close()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html>", "does not answer JSON"),
        (b"[]", "is not the log of a site"),
        (b"{}", "is not the log of a site"),
        (b'{"entries": [{}], "next": "1-0", "length": 1}', "is not the log of a site"),
        (b'{"entries": [], "next": "1-0", "length": "x"}', "is not the log of a site"),
    ],
)
def test_what_is_no_site_is_named(body: bytes, sentence: str) -> None:
    source = answering_source(200, body)
    with pytest.raises(UnavailableError, match=sentence):
        list(source.waiting())


def test_a_page_that_cannot_be_read_leaves_the_cursor(valkey: Valkey) -> None:
    source = answering_source(200, b"{}")
    source.open()
    with pytest.raises(UnavailableError):
        source.read(0)
    assert (cursor().position, cursor().attempts) == ("0-0", 0)


def test_its_errors_repeat_nothing_of_what_was_answered(valkey: Valkey) -> None:
    with pytest.raises(UnavailableError) as caught:
        answering_source(500, b"a-value-of-somebody").open()
    assert str(caught.value) == f"{URL}/logs_api/ack answers 500."


@pytest.mark.django_db(transaction=True)
def test_closing_never_raises(token: str) -> None:
    source = source_of(token)
    log_entries(1)
    source.open()
    source.read(0)
    with database_away():
        source.close()
    assert cursor().attempts == 1
