"""`make logs` and `make clear-logs`."""

import time
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from predictions.log.entry import Entries
from predictions.log.process import get_log_process
from predictions.log.transaction_log import LIST_KEY, STREAM_KEY
from tests.conftest import Valkey
from tests.predictions.logs import line


def append(second: int, level: str = "INFO") -> None:
    as_given = line(second).replace(b'"level":"INFO"', f'"level":"{level}"'.encode())
    get_log_process().log.append(Entries(as_given))


def said_by(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("logs", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_shows_a_transaction_on_one_line(valkey: Valkey) -> None:
    append(7)
    assert said_by() == ["2026-11-23 12:00:07.000 INFO    entry 7"]


def test_it_shows_the_newest_last(valkey: Valkey) -> None:
    for second in (1, 2, 3):
        append(second)
    assert [shown.split()[-1] for shown in said_by("--limit", "2")] == ["2", "3"]


def test_it_shows_one_level_only(valkey: Valkey) -> None:
    append(1)
    append(2, level="ERROR")
    assert [shown.split()[-1] for shown in said_by("--level", "ERROR")] == ["2"]


def test_it_says_that_the_window_is_empty(valkey: Valkey) -> None:
    assert said_by() == ["The log's window is empty."]


def test_it_follows_until_ctrl_c(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    append(1)
    arriving = iter([2, 3])

    def one_arrives(_seconds: float) -> None:
        second = next(arriving, None)
        if second is None:
            raise KeyboardInterrupt
        append(second)

    monkeypatch.setattr(time, "sleep", one_arrives)
    assert [shown.split()[-1] for shown in said_by("--follow")] == ["1", "2", "3"]


@pytest.mark.parametrize("name", ["logs", "clear_logs"])
def test_it_says_that_redis_does_not_answer(name: str, own_valkey: Valkey) -> None:
    cache = settings.CACHES["default"] | {"LOCATION": own_valkey.url}
    own_valkey.kill()
    with (
        override_settings(REDIS_URL=own_valkey.url, CACHES={"default": cache}),
        pytest.raises(CommandError, match="Redis does not answer"),
    ):
        call_command(name)


@pytest.mark.parametrize(("count", "said"), [(1, "1 entry cleared."), (2, "2 entries cleared.")])
def test_it_clears_the_window_and_never_the_stream(count: int, said: str, valkey: Valkey) -> None:
    for second in range(count):
        append(second)
    out = StringIO()
    call_command("clear_logs", stdout=out)
    assert out.getvalue() == f"{said}\n"
    client = valkey.client()
    assert (client.llen(LIST_KEY), client.xlen(STREAM_KEY)) == (0, count)
