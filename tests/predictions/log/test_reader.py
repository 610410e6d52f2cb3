import time
from pathlib import Path

import orjson
import pytest

from predictions.log.entry import Entries
from predictions.log.process import LogProcess
from predictions.log.reader import (
    HTTP_READER_KEY,
    LogReader,
    LogUnavailableError,
    PipelineReadsError,
    StreamState,
    UnknownStreamIdError,
    format_id,
    parse_id,
)
from predictions.log.transaction_log import GROUP, LIST_KEY, STREAM_KEY
from tests.conftest import Valkey
from tests.predictions.logs import entry, line, log_on, stream_of

START = "0-0"


@pytest.fixture
def process(valkey: Valkey, tmp_path: Path) -> LogProcess:
    return log_on(valkey, tmp_path)


@pytest.fixture
def reader(process: LogProcess) -> LogReader:
    return process.reader


def write(process: LogProcess, count: int) -> list[str]:
    """The messages, oldest first."""
    for second in range(count):
        process.log.append(Entries(line(second)))
    return [f"entry {second}" for second in range(count)]


def messages(entries: list[dict[str, str]]) -> list[str]:
    return [each["message"] for each in entries]


def test_it_pages_newest_first(process: LogProcess) -> None:
    written = write(process, 5)
    page = process.reader.window(limit=2, offset=1)
    assert messages(page.entries) == [written[3], written[2]]
    assert page.total == 5


def test_it_pages_one_level(valkey: Valkey, reader: LogReader) -> None:
    levels = ["INFO", "ERROR", "INFO", "ERROR", "ERROR"]
    given = [{**entry(second), "level": level} for second, level in enumerate(levels)]
    valkey.client().lpush(LIST_KEY, *[orjson.dumps(each) for each in given])
    page = reader.window(limit=2, offset=1, level="ERROR")
    assert messages(page.entries) == ["entry 3", "entry 1"]
    assert page.total == 3


def test_it_reads_a_window_of_any_size(valkey: Valkey, reader: LogReader) -> None:
    valkey.client().rpush(LIST_KEY, *[line(second) for second in range(1001)])
    assert sum(1 for _ in reader.entries()) == 1001


def test_it_passes_over_what_is_no_entry(valkey: Valkey, reader: LogReader) -> None:
    valkey.client().rpush(LIST_KEY, b"not JSON", b"[]", line(1))
    assert messages(list(reader.entries())) == ["entry 1"]


def test_clearing_empties_the_window_and_never_the_stream(
    valkey: Valkey, process: LogProcess
) -> None:
    write(process, 3)
    assert process.reader.clear() == 3
    assert process.reader.window(10, 0).total == 0
    assert len(stream_of(valkey)) == 3


def test_it_resumes_after_an_id(process: LogProcess) -> None:
    written = write(process, 5)
    first = process.reader.after(START, 2)
    second = process.reader.after(first.following, 10)
    read = [each["entry"]["message"] for each in first.entries + second.entries]
    assert read == written
    assert second.length == 5


def test_it_stays_at_the_last_id_when_nothing_follows(process: LogProcess) -> None:
    write(process, 1)
    last = process.reader.after(START, 10).following
    assert process.reader.after(last, 10).following == last


def test_a_page_is_read_in_steps(process: LogProcess) -> None:
    write(process, 50)
    assert len(process.reader.after(START, 45).entries) == 45


def test_a_page_ends_when_it_is_large(valkey: Valkey, reader: LogReader) -> None:
    for _ in range(60):
        valkey.client().xadd(STREAM_KEY, {"entry": line(data="x" * 500_000)})
    assert len(reader.after(START, 60).entries) == 20


def test_an_entry_that_cannot_be_decoded_is_shown_and_not_hidden(
    valkey: Valkey, reader: LogReader
) -> None:
    valkey.client().xadd(STREAM_KEY, {"entry": b"\xff{"})
    read = reader.after(START, 10).entries[0]
    assert read["entry"] is None
    assert read["undecodable"] == "\ufffd{"


def test_acknowledging_trims_up_to_and_with_the_id(valkey: Valkey, process: LogProcess) -> None:
    write(process, 3)
    second = process.reader.after(START, 2).following
    assert process.reader.acknowledge(parse_id(second)) == 2
    assert len(stream_of(valkey)) == 1


def test_acknowledging_again_changes_nothing(valkey: Valkey, process: LogProcess) -> None:
    write(process, 3)
    second = parse_id(process.reader.after(START, 2).following)
    process.reader.acknowledge(second)
    assert process.reader.acknowledge(second) == 0
    assert len(stream_of(valkey)) == 1


def test_acknowledging_everything_again_changes_nothing(process: LogProcess) -> None:
    write(process, 1)
    last = parse_id(process.reader.after(START, 1).following)
    process.reader.acknowledge(last)
    assert process.reader.acknowledge(last) == 0


def test_acknowledging_tells_other_readers_for_an_hour(valkey: Valkey, process: LogProcess) -> None:
    write(process, 1)
    last = process.reader.after(START, 1).following
    process.reader.acknowledge(parse_id(last))
    client = valkey.client()
    assert client.get(HTTP_READER_KEY) == last.encode()
    assert 3590 < client.ttl(HTTP_READER_KEY) <= 3600


def test_a_refused_acknowledgement_tells_nobody(valkey: Valkey, reader: LogReader) -> None:
    with pytest.raises(UnknownStreamIdError):
        reader.acknowledge((1, 0))
    assert not valkey.client().exists(HTTP_READER_KEY)


def test_acknowledging_makes_room_in_a_redis_that_is_full(
    own_valkey: Valkey, tmp_path: Path
) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    write(process, 2)
    own_valkey.client().config_set("maxmemory", "1mb")
    first = parse_id(process.reader.after(START, 1).following)
    assert process.reader.acknowledge(first) == 1
    assert len(stream_of(own_valkey)) == 1


def test_it_refuses_an_id_beyond_the_last(valkey: Valkey, process: LogProcess) -> None:
    write(process, 2)
    last = parse_id(process.reader.after(START, 2).following)
    with pytest.raises(UnknownStreamIdError):
        process.reader.acknowledge((last[0] + 1, 0))
    assert len(stream_of(valkey)) == 2


def test_it_refuses_an_id_between_two_that_were_given(process: LogProcess) -> None:
    write(process, 1)
    time.sleep(0.01)
    write(process, 1)
    first = parse_id(process.reader.after(START, 1).following)
    with pytest.raises(UnknownStreamIdError):
        process.reader.acknowledge((first[0] + 1, 0))


def test_it_refuses_any_id_before_the_first_entry(reader: LogReader) -> None:
    with pytest.raises(UnknownStreamIdError):
        reader.acknowledge((1, 0))


def test_it_refuses_while_the_pipeline_reads_the_stream(
    valkey: Valkey, process: LogProcess
) -> None:
    write(process, 1)
    client = valkey.client()
    client.xgroup_create(STREAM_KEY, GROUP, "0")
    client.xreadgroup(GROUP, "consumer", {STREAM_KEY: ">"})
    with pytest.raises(PipelineReadsError):
        process.reader.acknowledge((1, 0))


def test_it_knows_the_streams_length_and_what_is_pending(
    valkey: Valkey, process: LogProcess
) -> None:
    write(process, 3)
    client = valkey.client()
    client.xgroup_create(STREAM_KEY, GROUP, "0")
    client.xreadgroup(GROUP, "consumer", {STREAM_KEY: ">"}, count=2)
    assert process.reader.stream_state() == StreamState(length=3, pending=2)


def test_nothing_is_pending_without_the_pipelines_group(
    valkey: Valkey, process: LogProcess
) -> None:
    write(process, 2)
    valkey.client().xgroup_create(STREAM_KEY, "somebody else", "0")
    assert process.reader.stream_state() == StreamState(length=2, pending=0)


def test_an_empty_log_has_an_empty_state(reader: LogReader) -> None:
    assert reader.stream_state() == StreamState(length=0, pending=0)


def test_it_says_when_redis_is_away(own_valkey: Valkey, tmp_path: Path) -> None:
    process = log_on(own_valkey, tmp_path / "spool")
    own_valkey.kill()
    with pytest.raises(LogUnavailableError):
        process.reader.window(10, 0)


@pytest.mark.parametrize(("text", "identity"), [("5-3", (5, 3)), ("5", (5, 0))])
def test_it_reads_an_id(text: str, identity: tuple[int, int]) -> None:
    assert parse_id(text) == identity


@pytest.mark.parametrize(
    "text", ["", "-", "-1", "a", "1-b", "1-2-3", "²", "$", "1" * 21, str(2**64), f"1-{2**64}"]
)
def test_it_refuses_what_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="not a stream id"):
        parse_id(text)


def test_it_writes_an_id() -> None:
    assert format_id((5, 3)) == "5-3"
