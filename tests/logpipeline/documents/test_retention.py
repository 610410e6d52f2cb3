"""Old indices go: on the real Elasticsearch by pruning, on a server with ILM by a policy."""

from collections.abc import Iterator
from datetime import date

import pytest
from elasticsearch import ApiError, Elasticsearch

from logpipeline.documents.indices import setup
from logpipeline.documents.mappings import INDICES
from logpipeline.documents.retention import has_ilm, prune
from tests.logpipeline.full_server import Answer, FullServer, client_of, not_found

TODAY = date(2026, 11, 24)


def make(client: Elasticsearch, *names: str) -> None:
    for name in names:
        client.indices.create(index=name)


def names_under(client: Elasticsearch, prefix: str) -> list[str]:
    return sorted(client.indices.get(index=f"{prefix}*", expand_wildcards="all"))


def test_an_index_is_old_when_its_whole_day_is(elastic: Elasticsearch, index_prefix: str) -> None:
    days = [f"{index_prefix}ml-api-logs-2026.11.{day}" for day in ("20", "21", "22", "23", "24")]
    make(elastic, *days)
    # The 22nd ended two days before the 24th does, but its last entry is not yet two days old.
    assert prune(elastic, index_prefix, 2, TODAY) == days[:2]
    assert names_under(elastic, index_prefix) == days[2:]


def test_all_three_kinds_are_pruned(elastic: Elasticsearch, index_prefix: str) -> None:
    old = [f"{index_prefix}{alias}-2020.01.01" for alias in INDICES]
    make(elastic, *old)
    assert prune(elastic, index_prefix, 90, TODAY) == old
    assert names_under(elastic, index_prefix) == []


def test_nothing_else_is_ever_pruned(elastic: Elasticsearch, index_prefix: str) -> None:
    others = [
        "ml-api-logs",
        "ml-api-logs-2020.01.01-copy",
        "ml-api-logs-2020.01.01.reindexed",
        "ml-api-logs-2020.13.01",
        "ml-api-logs-2020.1.1",
        "ml-api-logs-archive",
        "ml-api-other-2020.01.01",
        "other-ml-api-logs-2020.01.01",
        "2020.01.01",
    ]
    names = sorted(f"{index_prefix}{name}" for name in others)
    make(elastic, *names)
    assert prune(elastic, index_prefix, 1, TODAY) == []
    assert names_under(elastic, index_prefix) == names


def test_an_index_that_only_has_such_an_alias_stays(
    elastic: Elasticsearch, index_prefix: str
) -> None:
    alias = f"{index_prefix}ml-api-logs-2020.01.01"
    elastic.indices.create(index=f"{index_prefix}precious", aliases={alias: {}})
    assert prune(elastic, index_prefix, 1, TODAY) == []


def test_a_prefix_is_no_pattern(elastic: Elasticsearch, index_prefix: str) -> None:
    make(elastic, f"{index_prefix}axb-ml-api-logs-2020.01.01")
    assert prune(elastic, f"{index_prefix}a.b-", 1, TODAY) == []


def test_a_closed_index_is_pruned_too(elastic: Elasticsearch, index_prefix: str) -> None:
    name = f"{index_prefix}ml-api-logs-2020.01.01"
    make(elastic, name)
    elastic.indices.close(index=name)
    assert prune(elastic, index_prefix, 1, TODAY) == [name]


def test_a_dry_run_only_says_what_would_go(elastic: Elasticsearch, index_prefix: str) -> None:
    name = f"{index_prefix}ml-api-logs-2020.01.01"
    make(elastic, name)
    assert prune(elastic, index_prefix, 1, TODAY, dry_run=True) == [name]
    assert names_under(elastic, index_prefix) == [name]


@pytest.fixture
def server() -> FullServer:
    return FullServer()


@pytest.fixture
def full(server: FullServer) -> Iterator[Elasticsearch]:
    """The client of a server with ILM."""
    with client_of(server) as client:
        yield client


def test_setup_puts_a_policy_and_names_it_in_the_templates(
    full: Elasticsearch, server: FullServer
) -> None:
    assert setup(full, "a-", 90)[0] == (
        "Policy a-heartrisk-logs: an index is deleted 90 days after it was made."
    )
    assert server.policies["a-heartrisk-logs"]["policy"]["phases"]["delete"]["min_age"] == "90d"
    assert {
        name: template["template"]["settings"]["index"]["lifecycle"]
        for name, template in server.templates.items()
    } == {f"a-{alias}": {"name": "a-heartrisk-logs"} for alias in INDICES}


def test_a_second_setup_puts_nothing(full: Elasticsearch, server: FullServer) -> None:
    setup(full, "", 90)
    server.puts.clear()
    assert setup(full, "", 90) == []
    assert server.puts == []


def test_another_retention_changes_that_phase_of_the_policy_and_nothing_else(
    full: Elasticsearch, server: FullServer
) -> None:
    setup(full, "", 90)
    phases = server.policies["heartrisk-logs"]["policy"]["phases"]
    phases["warm"] = {"min_age": "7d", "actions": {"forcemerge": {"max_num_segments": 1}}}
    server.puts.clear()
    setup(full, "", 30)
    assert server.puts == ["heartrisk-logs"]
    changed = server.policies["heartrisk-logs"]["policy"]["phases"]
    assert [changed["delete"]["min_age"], changed["warm"]] == ["30d", phases["warm"]]


def test_an_operators_other_phases_are_no_reason_to_change_it(
    full: Elasticsearch, server: FullServer
) -> None:
    setup(full, "", 90)
    server.policies["heartrisk-logs"]["policy"]["phases"]["warm"] = {"min_age": "7d"}
    assert setup(full, "", 90) == []


def test_a_server_with_ilm_is_known_with_and_without_a_policy(full: Elasticsearch) -> None:
    assert has_ilm(full)
    setup(full, "", 90)
    assert has_ilm(full)


NO_HANDLER = "no handler found for uri [/_ilm/policy/heartrisk-logs] and method [GET]"
SERVERLESS = {"error": {"type": "api_not_available_exception"}, "status": 410}


@pytest.mark.parametrize(
    "answer",
    [
        (400, {"error": NO_HANDLER}),
        (405, {"error": "Incorrect HTTP method", "status": 405}),
        (404, {"error": {"type": "index_not_found_exception"}, "status": 404}),
        (404, "not here"),
        (410, SERVERLESS),
    ],
)
def test_a_server_without_ilm_is_known_by_its_answer(answer: Answer) -> None:
    with client_of(FullServer(answer)) as client:
        assert not has_ilm(client)


def test_the_real_server_answers_as_recorded(elastic: Elasticsearch) -> None:
    answer = elastic.options(ignore_status=[400, 404]).ilm.get_lifecycle(name="heartrisk-logs")
    # The second one where ES_URL names a full server.
    recorded = [
        (400, {"error": NO_HANDLER}),
        not_found("Lifecycle policy not found: [heartrisk-logs]"),
    ]
    assert (answer.meta.status, answer.body) in recorded


def test_refused_credentials_are_no_missing_ilm() -> None:
    forbidden = {"error": {"type": "security_exception"}, "status": 403}
    with (
        client_of(FullServer((403, forbidden))) as client,
        pytest.raises(ApiError, match="security_exception"),
    ):
        has_ilm(client)
