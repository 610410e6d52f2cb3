"""One bulk request to the real Elasticsearch: what became of each document.

A canned server stands in where the real one has no reason to say such a thing.
"""

from typing import Any

import orjson
import pytest
from elasticsearch import Elasticsearch
from pytest_django import Settings

from logpipeline.dead_letters import Letter
from logpipeline.delivery.answers import Verdict
from logpipeline.delivery.bulk import Outcome, send
from logpipeline.delivery.preparation import Unit, prepare
from logpipeline.documents.indices import setup
from logpipeline.elastic import get_client
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.source import Delivery
from tests.logpipeline.canned import ELASTICSEARCH, HTML, NO_CREDENTIALS, CannedServer, answering
from tests.logpipeline.rules.samples import EVERYTHING
from tests.predictions.logs import line
from tools.run.address import free_port

SECRET = "a-value-of-somebody"
RULES = compile_rules([EVERYTHING])
# More than the 100 MiB that Elasticsearch takes in one request.
TOO_LARGE = 105_000_000


def units(prefix: str, *lines: bytes) -> list[Unit]:
    """For one index each."""
    deliveries = [Delivery(f"{n}-0", f"{n}-0", content) for n, content in enumerate(lines)]
    return prepare(deliveries, RULES, prefix).units


def altered(unit: Unit, operation: bytes) -> Unit:
    return Unit(unit.alias, unit.index, unit.entry, unit.stream_id, operation)


def too_large(unit: Unit) -> Unit:
    action, _ = unit.operation.split(b"\n", 1)
    return altered(unit, action + b'\n{"message":"' + b"x" * TOO_LARGE + b'"}\n')


def reasons(outcome: Outcome) -> dict[str, str]:
    """Transaction id -> the reason it was refused for."""
    return {letter.transaction_id: letter.reason for _, letter in outcome.refused}


@pytest.fixture
def ready(elastic: Elasticsearch, index_prefix: str) -> Elasticsearch:
    """The templates are in place."""
    setup(elastic, index_prefix, 90)
    return elastic


@pytest.fixture
def elsewhere(settings: Settings) -> Any:
    """Sends two documents to a server of the test's own."""

    def sent_to(url: str, timeout: float = 10) -> Outcome:
        settings.ES_URL = url
        with get_client(timeout) as client:
            return send(client, units("", line(), line()))

    return sent_to


def test_all_are_stored(ready: Elasticsearch, index_prefix: str) -> None:
    given = units(index_prefix, line(), line())
    assert send(ready, given) == Outcome(stored=given)


def test_none_are_no_request(settings: Settings) -> None:
    settings.ES_URL = f"http://127.0.0.1:{free_port()}"
    with get_client() as client:
        assert send(client, []) == Outcome()


def test_those_that_were_stored_before_are_duplicates(
    ready: Elasticsearch, index_prefix: str
) -> None:
    first, second = units(index_prefix, line(), line())
    send(ready, [first])
    assert send(ready, [first, second]) == Outcome(stored=[second], duplicates=[first])


def test_a_refused_one_is_a_letter_with_all_that_is_known_of_it(
    ready: Elasticsearch, index_prefix: str
) -> None:
    bad = line(transaction_id="bad", status=SECRET)
    good, refused = units(index_prefix, line(), bad)
    letter = Letter("1-0", "bad", "ml-api-logs", bad, "document_parsing_exception", "data.status")
    assert send(ready, [good, refused]) == Outcome(stored=[good], refused=[(refused, letter)])


def test_one_with_a_surplus_key_is_refused_for_that(
    ready: Elasticsearch, index_prefix: str
) -> None:
    ((_, letter),) = send(ready, units(index_prefix, line(surplus=1))).refused
    assert (letter.reason, letter.field) == ("strict_dynamic_mapping_exception", "surplus")


def test_a_server_that_hides_the_surplus_key_in_the_cause_is_understood(elsewhere: Any) -> None:
    cause = {
        "type": "strict_dynamic_mapping_exception",
        "reason": "mapping set to strict, dynamic introduction of [surplus] within [data]",
    }
    error = {"type": "mapper_parsing_exception", "reason": "failed to parse", "caused_by": cause}
    item = {"create": {"status": 400, "error": error}}
    with answering(200, {"errors": True, "items": [item, item]}) as url:
        outcome = elsewhere(url)
    assert {(letter.reason, letter.field) for _, letter in outcome.refused} == {
        ("strict_dynamic_mapping_exception", "surplus")
    }


@pytest.mark.parametrize(
    ("block", "verdict", "status"),
    [("write", Verdict.BLOCKED, 403), ("read_only_allow_delete", Verdict.OVERLOADED, 429)],
)
def test_a_blocked_index_has_its_documents_sent_again_and_only_those(
    ready: Elasticsearch, index_prefix: str, block: str, verdict: Verdict, status: int
) -> None:
    held, free = units(index_prefix, line(), line())
    held.index = f"{index_prefix}ml-api-logs-2026.11.24"
    held.operation = held.operation.replace(b"2026.11.23", b"2026.11.24", 1)
    ready.indices.create(index=held.index, settings={f"index.blocks.{block}": True})
    assert send(ready, [held, free]) == Outcome(
        stored=[free],
        again=[held],
        trouble=verdict,
        sentence=f"{held.index}: {status} (cluster_block_exception).",
        error="cluster_block_exception",
    )


def test_a_closed_index_has_its_documents_sent_again(
    ready: Elasticsearch, index_prefix: str
) -> None:
    given = units(index_prefix, line())
    send(ready, given)
    ready.indices.close(index=given[0].index)
    outcome = send(ready, given)
    assert (outcome.again, outcome.trouble) == (given, Verdict.MISCONFIGURED)


def test_a_body_that_one_document_spoils_is_halved_until_it_is_found(
    ready: Elasticsearch, index_prefix: str
) -> None:
    good = units(index_prefix, *(line() for _ in range(6)))
    (bad,) = units(index_prefix, line(transaction_id="bad"))
    outcome = send(ready, [*good[:3], altered(bad, b'{"create":\n{}\n'), *good[3:]])
    assert outcome.stored == good
    assert reasons(outcome).keys() == {"bad"}


def test_what_is_too_large_is_halved_until_it_is_found(
    ready: Elasticsearch, index_prefix: str
) -> None:
    first, large, last = units(index_prefix, line(), line(transaction_id="large"), line())
    outcome = send(ready, [first, too_large(large), last])
    assert (outcome.stored, reasons(outcome)) == ([first, last], {"large": "too_large"})


def test_a_proxys_limit_is_one_too(elsewhere: Any) -> None:
    with answering(413, b"<html>Request Entity Too Large</html>", HTML) as url:
        assert set(reasons(elsewhere(url)).values()) == {"too_large"}


def test_what_a_half_met_is_not_forgotten(elsewhere: Any) -> None:
    server = CannedServer(413)
    with server.running() as url:
        server.refuse_after(1, 503)
        outcome = elsewhere(url)
    assert (len(outcome.again), outcome.trouble) == (2, Verdict.UNAVAILABLE)


@pytest.mark.parametrize(
    ("status", "body", "headers", "verdict"),
    [
        (401, NO_CREDENTIALS, ELASTICSEARCH, Verdict.CREDENTIALS),
        (403, {"error": {"type": "security_exception"}}, ELASTICSEARCH, Verdict.CREDENTIALS),
        (
            429,
            {"error": {"type": "es_rejected_execution_exception"}},
            ELASTICSEARCH,
            Verdict.OVERLOADED,
        ),
        (503, {"error": {"type": "cluster_block_exception"}}, ELASTICSEARCH, Verdict.UNAVAILABLE),
        (404, {"error": {"type": "index_not_found_exception"}}, ELASTICSEARCH, None),
        (502, b"<html>Bad Gateway</html>", HTML, Verdict.UNAVAILABLE),
        # None of these has judged a document: what stands there is no Elasticsearch.
        (400, b"<html>Bad Request</html>", HTML, Verdict.UNAVAILABLE),
        (400, {"error": "no handler found for uri"}, ELASTICSEARCH, Verdict.UNAVAILABLE),
        (409, b"", HTML, Verdict.UNAVAILABLE),
        (200, b"<html>It works!</html>", HTML, Verdict.UNAVAILABLE),
        (200, {"errors": False, "items": []}, {}, Verdict.UNAVAILABLE),
        (200, b"{", ELASTICSEARCH, Verdict.UNAVAILABLE),
    ],
)
def test_a_request_that_failed_is_sent_again_as_a_whole(
    elsewhere: Any, status: int, body: Any, headers: dict[str, str], verdict: Verdict | None
) -> None:
    with answering(status, body, headers) as url:
        outcome = elsewhere(url)
    assert (len(outcome.again), outcome.trouble) == (2, verdict or Verdict.MISCONFIGURED)
    assert outcome.refused == outcome.stored == outcome.duplicates == []


def test_a_server_that_is_away_has_all_sent_again(elsewhere: Any) -> None:
    outcome = elsewhere(f"http://127.0.0.1:{free_port()}")
    assert (len(outcome.again), outcome.trouble) == (2, Verdict.UNAVAILABLE)
    assert outcome.error == "ConnectionError"


def test_a_server_that_hangs_has_all_sent_again(elsewhere: Any) -> None:
    with CannedServer(silent=True).running() as url:
        outcome = elsewhere(url, timeout=0.2)
    assert (len(outcome.again), outcome.trouble) == (2, Verdict.UNAVAILABLE)
    assert outcome.sentence == f"Elasticsearch at {url} did not answer in time."


def test_what_is_said_of_a_trouble_holds_no_value(ready: Elasticsearch, index_prefix: str) -> None:
    given = units(index_prefix, line(path=SECRET, transaction_id=SECRET))
    ready.indices.create(index=given[0].index, settings={"index.blocks.write": True})
    outcome = send(ready, given)
    assert outcome.again == given
    assert SECRET not in f"{outcome.sentence} {outcome.error}"


def test_what_is_stored_is_the_document(ready: Elasticsearch, index_prefix: str) -> None:
    (unit,) = units(index_prefix, line(7))
    send(ready, [unit])
    found = ready.get(index=unit.index, id=unit.entry.transaction_id)["_source"]
    assert found == orjson.loads(unit.operation.split(b"\n")[1])
