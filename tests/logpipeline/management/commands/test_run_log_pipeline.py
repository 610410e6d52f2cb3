"""``manage.py run_log_pipeline``: what it does, and what is seen of it."""

import io
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr

import orjson
import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from rest_framework.authtoken.models import Token

from logpipeline.delivery.counts import TOTALS
from logpipeline.models import DeadLetter, PipelineRun
from predictions.log.transaction_log import STREAM_KEY
from tests.conftest import Valkey
from tests.faults.pipeline import INDICES, Ends, ids, predictions, refused
from tests.logpipeline.canned import CannedServer
from tests.logpipeline.management.commands.typed import Seen, Typed
from tests.logpipeline.rules.samples import EVERYTHING, drop
from tests.logpipeline.sources.streams import database_away
from tests.predictions.logs import line
from tests.waiting import wait_until

# Django closes the database after a command.
pytestmark = pytest.mark.django_db(transaction=True)

RUN = "run_log_pipeline"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def numbers(row: PipelineRun) -> dict[str, int]:
    return {name: getattr(row, name) for name in TOTALS}


@contextmanager
def meanwhile(act: Callable[[], None], number: signal.Signals) -> Iterator[None]:
    """Acts in a thread while the block runs, which the signal then ends."""

    def work() -> None:
        try:
            act()
        finally:
            os.kill(os.getpid(), number)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join()


# --- Once -----------------------------------------------------------------------------


def test_once_brings_everything_to_the_indices_and_ends(ends: Ends, typed: Typed) -> None:
    given = predictions(20)
    ends.add(given)
    seen = typed(RUN, "--once")
    assert (seen.code, seen.err) == (0, "")
    assert [ends.ids_in(alias) for alias in INDICES] == [ids(given)] * 3
    assert ends.at_rest()


def test_once_ends_with_a_table_of_every_number(ends: Ends, typed: Typed) -> None:
    ends.add(predictions(20))
    table = typed(RUN, "--once").table
    assert table == dict.fromkeys(TOTALS, 0) | {
        "read": 20,
        "transactions": 20,
        "indexed": 60,
        **dict.fromkeys(INDICES, 20),
    }


@pytest.mark.usefixtures("ends")
def test_once_ends_where_there_is_nothing(typed: Typed) -> None:
    seen = typed(RUN, "--once")
    assert (seen.code, seen.table) == (0, dict.fromkeys(TOTALS, 0))


def test_a_batch_may_be_smaller_than_what_there_is(ends: Ends, typed: Typed) -> None:
    ends.add(predictions(7))
    assert typed(RUN, "--once", "--batch-size", "2").table["read"] == 7


def test_every_way_to_end_is_counted(ends: Ends, typed: Typed, settings: Settings) -> None:
    settings.LOG_PIPELINE_RULES = [drop("readers", {"method": "GET"}), EVERYTHING]
    good, bad = predictions(2)
    ends.add([good, good, refused(bad), line(method="GET"), b"{"])
    seen = typed(RUN, "--once")
    expected = {
        "read": 5,
        "transactions": 4,
        "indexed": 1,
        "duplicates": 1,
        "filtered": 1,
        "dead": 2,
        "retried": 0,
        "lost": 0,
    }
    parts = {"ml-api-logs": 1, "readers": 1, "document_parsing_exception": 1, "not_json": 1}
    assert (seen.code, seen.table) == (0, expected | parts)
    assert numbers(PipelineRun.objects.get()) == expected
    assert DeadLetter.objects.count() == 2


def test_a_run_is_a_row_for_the_admin(ends: Ends, typed: Typed) -> None:
    ends.add(predictions(3))
    typed(RUN, "--once")
    row = PipelineRun.objects.get()
    assert (row.source, row.mode, row.exit_code, row.last_error) == ("redis", "once", 0, "")
    assert row.started < (row.ended or row.started)
    assert (row.read, row.indexed) == (3, 9)


@pytest.mark.usefixtures("ends")
def test_without_verbosity_nothing_is_printed(typed: Typed) -> None:
    assert typed(RUN, "--once", "--verbosity", "0") == Seen(0, "", "")


def test_a_database_that_is_away_holds_up_no_document(ends: Ends, typed: Typed) -> None:
    # A stream that was never read is asked for in the database.
    typed(RUN, "--once")
    given = predictions(3)
    ends.add(given)
    with database_away():
        seen = typed(RUN, "--once")
    assert (seen.code, ends.ids_in("ml-api-logs")) == (0, ids(given))
    assert "The run cannot be recorded now: OperationalError." in seen.err


# --- What a person at a terminal sees -------------------------------------------------


def test_progress_is_shown_on_a_terminal(ends: Ends, typed: Typed) -> None:
    ends.add(predictions(5))
    with redirect_stderr(Terminal()) as terminal:
        typed(RUN, "--once")
    assert "5/5" in terminal.getvalue()


@pytest.mark.usefixtures("ends")
def test_a_log_line_stands_above_the_progress(typed: Typed, settings: Settings) -> None:
    with CannedServer(503).running() as url, redirect_stderr(Terminal()) as terminal:
        settings.ES_URL = url
        typed(RUN, "--once", "--give-up-after", "1")
    before, _ = terminal.getvalue().split(" WARNING logpipeline.delivery.trouble: ")
    # A line that is erased, or a new one; then the time.
    assert before[: -len("2026-11-24 10:30:45,123")].endswith(("\x1b[2K", "\n"))


# --- Continuous -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_continuous_goes_on_until_it_is_stopped(
    ends: Ends, typed: Typed, number: signal.Signals
) -> None:
    def add_one_by_one() -> None:
        for each in predictions(2):
            ends.add([each])
            wait_until(lambda: not ends.valkey.client().xlen(STREAM_KEY), 30)

    with meanwhile(add_one_by_one, number):
        seen = typed(RUN, "--continuous")
    assert (seen.code, seen.table["read"]) == (0, 2)
    row = PipelineRun.objects.get()
    assert (row.mode, row.exit_code, row.read, ends.at_rest()) == ("continuous", 0, 2, True)


# --- Over HTTP ------------------------------------------------------------------------


@pytest.fixture
def site(ends: Ends, live_server: LiveServer, settings: Settings) -> str:
    """The URL of a real site whose log the tests' own user may read."""
    user = User.objects.create(username="pipeline", is_staff=True)
    settings.LOGS_API_TOKEN = Token.objects.create(user=user).key
    settings.ALLOWED_HOSTS = ["*"]
    return str(live_server.url)


def test_a_site_is_read_over_http(ends: Ends, typed: Typed, site: str) -> None:
    given = predictions(5)
    ends.add(given)
    seen = typed(RUN, "--once", "--source", "http", "--url", site)
    assert (seen.code, seen.err) == (0, "")
    assert set(ends.ids_in("ml-api-logs")) >= set(ids(given))
    assert PipelineRun.objects.get().source == "http"


def test_what_was_read_over_http_is_not_read_again(ends: Ends, typed: Typed, site: str) -> None:
    given = predictions(5)
    ends.add(given)
    for _ in range(2):
        seen = typed(RUN, "--once", "--url", site)
    assert (seen.code, seen.table["duplicates"]) == (0, 0)
    assert ends.ids_in("ml-api-message") == ids(given)


def test_the_site_of_the_settings_is_read_without_being_named(
    ends: Ends, typed: Typed, site: str, settings: Settings
) -> None:
    settings.LOGS_API_URL = site
    ends.add(predictions(2))
    assert typed(RUN, "--once").table["ml-api-message"] == 2
    assert PipelineRun.objects.get().source == "http"


# --- Dry run --------------------------------------------------------------------------


def test_a_dry_run_says_what_would_go_where_and_touches_nothing(
    valkey: Valkey, typed: Typed, settings: Settings
) -> None:
    # No Elasticsearch is needed for it.
    settings.ES_URL, settings.ES_INDEX_PREFIX = "", "clinic-a-"
    ends = Ends(valkey, "", "")
    ends.add(predictions(5))
    before = valkey.client().dump(STREAM_KEY)
    seen = typed(RUN, "--dry-run")
    assert (seen.code, seen.err) == (0, "")
    assert seen.table["clinic-a-ml-api-perfs-2026.11.23"] == 5
    assert valkey.client().dump(STREAM_KEY) == before
    assert PipelineRun.objects.count() == 0


def test_a_dry_run_over_http_asks_for_no_more_than_a_site_gives(typed: Typed) -> None:
    server = CannedServer(200, {"entries": [], "next": "0-0", "length": 0})
    with server.running() as url:
        seen = typed(RUN, "--dry-run", "--url", url, "--batch-size", "10000")
    assert seen.code == 0
    assert server.asked == ["GET /logs_api?after=0-0&limit=5000"]


# --- As JSON --------------------------------------------------------------------------


@pytest.mark.usefixtures("ends")
def test_json_lines_are_json_to_the_last(typed: Typed, settings: Settings) -> None:
    with CannedServer(503).running() as url:
        settings.ES_URL = url
        seen = typed(RUN, "--once", "--log-format", "json", "--give-up-after", "1")
    lines = [orjson.loads(each) for each in seen.lines]
    assert seen.code == 1
    assert [each["log.level"] for each in lines] == ["warning", "error"]
    assert lines[-1]["message"] == f"Elasticsearch at {url} answers 503 (ApiError)."
