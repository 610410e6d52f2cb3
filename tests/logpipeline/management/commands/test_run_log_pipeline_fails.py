"""``manage.py run_log_pipeline`` where something is wrong: one clear line, and nothing is lost."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from pytest_django import Settings

from logpipeline.models import PipelineRun
from predictions.log.reader import HTTP_READER_KEY
from predictions.log.transaction_log import STREAM_KEY
from tests.conftest import Valkey
from tests.faults.http_proxy import Answer, HttpProxy, Request
from tests.faults.pipeline import Ends, ids, predictions
from tests.logpipeline.canned import HTML, NO_CREDENTIALS, answering
from tests.logpipeline.management.commands.typed import Seen, Typed
from tests.logpipeline.rules.samples import rule
from tools.run.address import free_port

# Django closes the database after a command.
pytestmark = pytest.mark.django_db(transaction=True)

RUN = "run_log_pipeline"
USAGE = "usage: manage.py run_log_pipeline (--once | --continuous | --dry-run) [options]"
GIVEN = predictions(5)


def error_of(seen: Seen) -> str:
    """The last line. Before it there may be log lines, but no traceback."""
    assert "Traceback" not in seen.err
    assert seen.out == ""
    return seen.lines[-1].removeprefix("CommandError: ")


def pending(valkey: Valkey) -> int:
    """How many entries somebody holds."""
    with closing(valkey.client()) as client:
        groups: Any = client.xinfo_groups(STREAM_KEY)
    return sum(int(group["pending"]) for group in groups)


@pytest.fixture
def waiting(ends: Ends) -> Iterator[Ends]:
    """Entries wait; at the end of the test they still do, and nobody holds them."""
    ends.add(GIVEN)
    yield ends
    with closing(ends.valkey.client()) as client:
        assert client.xlen(STREAM_KEY) == len(GIVEN)
    assert pending(ends.valkey) == 0


# --- Bad usage: 2 ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "one of the arguments --once --continuous --dry-run is required"),
        ("--once --continuous", "argument --continuous: not allowed with argument --once"),
        ("--dry-run --once", "argument --once: not allowed with argument --dry-run"),
        ("--once --source kafka", "argument --source: invalid choice: 'kafka'"),
        ("--once --batch-size 0", "argument --batch-size: '0' is not a whole number from 1"),
        ("--once --batch-size -1", "argument --batch-size: '-1' is not a whole number from 1"),
        ("--once --batch-size 1.5", "argument --batch-size: '1.5' is not a whole number from 1"),
        ("--once --batch-size 9999999", "argument --batch-size: '9999999' is not a whole number"),
        ("--once --batch-size ٣", "argument --batch-size: '٣' is not a whole number"),
        ("--continuous --interval 0", "argument --interval: '0' is not a whole number from 1"),
        ("--once --give-up-after soon", "argument --give-up-after: 'soon' is not a whole number"),
        ("--once --log-format xml", "argument --log-format: invalid choice: 'xml'"),
        ("--once --nonsense", "unrecognized arguments: --nonsense"),
        ("--once nonsense", "unrecognized arguments: nonsense"),
    ],
)
def test_bad_usage_is_2_with_one_line_below_the_usage(
    typed: Typed, arguments: str, said: str
) -> None:
    seen = typed(RUN, *arguments.split())
    assert (seen.code, seen.lines[0], len(seen.lines)) == (2, USAGE, 2)
    assert seen.lines[1].startswith(f"manage.py run_log_pipeline: error: {said}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--once --source redis --url http://site", "--url goes with --source http."),
        ("--once --source http", "--source http needs --url or LOGS_API_URL."),
        ("--once --url nonsense", "--url (LOGS_API_URL) must be the address of a site,"),
        ("--once --url ftp://site", "--url (LOGS_API_URL) must be the address of a site,"),
        ("--once --url http://", "--url (LOGS_API_URL) must be the address of a site,"),
        ("--once --url http://site:port", "--url (LOGS_API_URL) must be the address of a site,"),
    ],
)
def test_a_source_that_makes_no_sense_is_2_with_one_line(
    typed: Typed, arguments: str, said: str
) -> None:
    seen = typed(RUN, *arguments.split())
    assert (seen.code, len(seen.lines)) == (2, 1)
    assert error_of(seen).startswith(said)


# --- Elasticsearch: 1 -----------------------------------------------------------------


@pytest.mark.usefixtures("waiting")
def test_no_elasticsearch_is_one_line_that_says_how_to_get_one(
    typed: Typed, settings: Settings
) -> None:
    settings.ES_URL = ""
    seen = typed(RUN, "--once")
    assert (seen.code, seen.lines) == (
        1,
        [
            "CommandError: No Elasticsearch is named: set ES_URL or ES_HOST, "
            "or start one with `make pipeline-elasticsearch-up`."
        ],
    )


@pytest.mark.usefixtures("waiting")
def test_an_address_that_is_none_is_one_line_without_the_password(
    typed: Typed, settings: Settings
) -> None:
    settings.ES_URL = "http://elastic:swordfish@search:port"
    seen = typed(RUN, "--continuous")
    assert (seen.code, len(seen.lines)) == (1, 1)
    assert error_of(seen).startswith("ES_URL is no address of an Elasticsearch")
    assert "swordfish" not in seen.err


@pytest.mark.usefixtures("waiting")
def test_a_host_that_does_not_resolve_is_given_up_with_what_and_where(
    typed: Typed, settings: Settings
) -> None:
    settings.ES_URL = "http://elastic:swordfish@no-such-host.invalid:9200"
    seen = typed(RUN, "--once", "--give-up-after", "2")
    assert (seen.code, error_of(seen)) == (
        1,
        "Elasticsearch at http://no-such-host.invalid:9200 cannot be reached: "
        "the host's name does not resolve.",
    )
    row = PipelineRun.objects.get()
    assert (row.exit_code, row.last_error, row.read) == (1, "ConnectionError", 0)


@pytest.mark.parametrize("mode", ["--once", "--continuous"])
@pytest.mark.usefixtures("waiting")
def test_refused_credentials_are_given_up_with_what_and_where(
    typed: Typed, settings: Settings, mode: str
) -> None:
    with answering(401, NO_CREDENTIALS) as url:
        settings.ES_URL = url.replace("//", "//elastic:swordfish@")
        seen = typed(RUN, mode, "--give-up-after", "1")
    assert (seen.code, error_of(seen)) == (
        1,
        f"Elasticsearch at {url} refuses the credentials (status 401).",
    )
    assert "swordfish" not in seen.err
    assert PipelineRun.objects.get().last_error == "AuthenticationException"


@pytest.mark.usefixtures("waiting")
def test_something_else_that_answers_is_given_up(typed: Typed, settings: Settings) -> None:
    with answering(200, b"<html>It works!</html>", HTML) as url:
        settings.ES_URL = url
        seen = typed(RUN, "--once", "--give-up-after", "1")
    assert (seen.code, error_of(seen)) == (
        1,
        f"Elasticsearch at {url} is none: something else answers there.",
    )


def test_what_was_read_is_given_back_when_it_is_given_up(
    ends: Ends, typed: Typed, settings: Settings
) -> None:
    def refuse(request: Request) -> Answer | None:
        return Answer(401, b'{"error":{"type":"security_exception"}}') if request.is_bulk else None

    ends.add(GIVEN)
    with HttpProxy(ends.es_url, refuse) as proxy:
        settings.ES_URL = proxy.url
        seen = typed(RUN, "--once", "--give-up-after", "1")
    assert (seen.code, pending(ends.valkey)) == (1, len(GIVEN))
    settings.ES_URL = ends.es_url
    # At once: whoever gave them back counts as gone.
    assert typed(RUN, "--once").table["read"] == len(GIVEN)
    assert (ends.ids_in("ml-api-perfs"), ends.at_rest()) == (ids(GIVEN), True)


# --- Redis: 1 -------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("--once", "--give-up-after", "1"), ("--dry-run",)])
@pytest.mark.usefixtures("waiting")
def test_a_redis_that_is_away_is_said_with_where(
    typed: Typed, settings: Settings, arguments: tuple[str, ...]
) -> None:
    url = f"redis://:swordfish@127.0.0.1:{free_port()}/0"
    settings.REDIS_URL = url
    seen = typed(RUN, *arguments)
    where = url.replace(":swordfish@", "")
    assert (seen.code, error_of(seen)) == (
        1,
        f"Redis at {where} cannot be reached (ConnectionError).",
    )
    assert "swordfish" not in seen.err


@pytest.mark.usefixtures("waiting")
def test_a_redis_url_that_is_none_is_one_line(typed: Typed, settings: Settings) -> None:
    settings.REDIS_URL = "redis://:swordfish/@localhost"
    seen = typed(RUN, "--once")
    assert (seen.code, len(seen.lines)) == (1, 1)
    assert error_of(seen).startswith("REDIS_URL is no address of a Redis")


@pytest.mark.usefixtures("elastic")
def test_a_redis_that_refuses_the_password_is_given_up_even_by_continuous(
    own_valkey: Valkey, typed: Typed, settings: Settings
) -> None:
    with closing(own_valkey.client()) as client:
        client.config_set("requirepass", "swordfish")
    settings.REDIS_URL = own_valkey.url
    seen = typed(RUN, "--continuous", "--give-up-after", "1")
    assert (seen.code, error_of(seen)) == (1, "Redis refuses the credentials of REDIS_URL.")


def test_a_redis_that_may_delete_the_stream_is_not_read(
    ends: Ends, own_valkey: Valkey, typed: Typed, settings: Settings
) -> None:
    with closing(own_valkey.client()) as client:
        client.config_set("maxmemory", "100mb")
        client.config_set("maxmemory-policy", "allkeys-lru")
    settings.REDIS_URL = own_valkey.url
    seen = typed(RUN, "--continuous")
    assert (seen.code, len(seen.lines)) == (1, 1)
    assert error_of(seen).startswith("Redis' maxmemory-policy is allkeys-lru")


def test_a_log_that_somebody_reads_over_http_is_not_read(ends: Ends, typed: Typed) -> None:
    ends.add(GIVEN)
    with closing(ends.valkey.client()) as client:
        client.set(HTTP_READER_KEY, "0-0")
        seen = typed(RUN, "--once")
        assert client.xinfo_groups(STREAM_KEY) == []
    assert (seen.code, len(seen.lines)) == (1, 1)
    assert error_of(seen).startswith("A log pipeline reads this site's log over HTTP")


# --- The site over HTTP: 1 ------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "refuses LOGS_API_TOKEN (status 401): it must be the token of a staff user."),
        (403, "refuses LOGS_API_TOKEN (status 403): it must be the token of a staff user."),
        (409, "has a log pipeline that reads from its Redis. Only one kind may: stop that one"),
    ],
)
@pytest.mark.usefixtures("waiting")
def test_a_site_that_refuses_is_said_with_where(typed: Typed, status: int, said: str) -> None:
    with answering(status) as url:
        seen = typed(RUN, "--once", "--url", url, "--give-up-after", "1")
    assert seen.code == 1
    assert error_of(seen).startswith(f"{url} {said}")


@pytest.mark.usefixtures("waiting")
def test_a_site_that_is_away_is_said_with_where(typed: Typed) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    seen = typed(RUN, "--once", "--url", url, "--give-up-after", "1")
    assert (seen.code, error_of(seen)) == (1, f"{url} cannot be reached (ConnectError).")


# --- The rules: 1 ---------------------------------------------------------------------


@pytest.mark.usefixtures("waiting")
def test_a_bad_rule_stops_it_before_it_does_anything(typed: Typed, settings: Settings) -> None:
    settings.LOG_PIPELINE_RULES = [rule("bad", action="fly")]
    seen = typed(RUN, "--once")
    assert (seen.code, "Traceback" in seen.err) == (1, False)
    assert "LOG_PIPELINE_RULES: (logpipeline.E001) Rule 1 ('bad')" in seen.err
    assert PipelineRun.objects.count() == 0
