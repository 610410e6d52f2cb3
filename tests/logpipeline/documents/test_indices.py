"""Templates and indices on the real Elasticsearch."""

from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch_dsl import Keyword

from logpipeline.documents.indices import SetupError, index_name, setup
from logpipeline.documents.mappings import INDICES, MAPPING_VERSION, Dated, LogIndex
from logpipeline.documents.retention import has_ilm
from logpipeline.entries import LogEntry
from tests.logpipeline.site_documents import KINDS, fields_of, sent, store

STRICT = "strict_dynamic_mapping_exception"
DAY = "2026.11.23"
DATE = "2026-11-23T12:00:00+00:00"


@pytest.fixture
def ready(elastic: Elasticsearch, index_prefix: str) -> Elasticsearch:
    """Elasticsearch with the templates."""
    setup(elastic, index_prefix, 90)
    return elastic


def test_an_index_is_named_by_prefix_alias_and_day() -> None:
    assert index_name("a-", "ml-api-logs", "2026.11.24") == "a-ml-api-logs-2026.11.24"


@pytest.mark.parametrize("alias", INDICES)
def test_elasticsearch_takes_every_kind_of_entry(
    ready: Elasticsearch, index_prefix: str, entries: dict[str, LogEntry], alias: str
) -> None:
    kinds = KINDS[alias]
    answers = store(ready, index_prefix, alias, *(sent(alias, entries[kind]) for kind in kinds))
    assert {kind: answer["status"] for kind, answer in zip(kinds, answers, strict=True)} == (
        dict.fromkeys(kinds, 201)
    )


@pytest.mark.parametrize("alias", INDICES)
def test_elasticsearch_refuses_a_key_that_the_document_does_not_know(
    ready: Elasticsearch, index_prefix: str, alias: str
) -> None:
    fields = fields_of(INDICES[alias].mappings())
    objects = ["", *(path for path, field in fields if "properties" in field)]
    answers = store(ready, index_prefix, alias, *(with_new_key_in(path) for path in objects))
    assert {
        path: answer["error"]["type"] for path, answer in zip(objects, answers, strict=True)
    } == dict.fromkeys(objects, STRICT)


def with_new_key_in(path: str) -> dict[str, Any]:
    """A document with an unknown key in this object, and nothing else."""
    document: dict[str, Any] = {"@timestamp": DATE}
    inside = document
    for name in filter(None, path.split(".")):
        inside[name] = {}
        inside = inside[name]
    inside["new"] = 1
    return document


def test_a_long_text_of_a_client_is_stored(ready: Elasticsearch, index_prefix: str) -> None:
    document = {"@timestamp": DATE, "data": {"path": "é" * 100_000}}
    (answer,) = store(ready, index_prefix, "ml-api-logs", document)
    assert answer["status"] == 201


def test_a_timestamp_that_only_python_reads_is_stored(
    ready: Elasticsearch, index_prefix: str
) -> None:
    document = {"@timestamp": DATE, "timestamp": "20261123T120000+0000"}
    (answer,) = store(ready, index_prefix, "ml-api-logs", document)
    assert answer["status"] == 201


def test_the_template_gives_the_alias_over_all_days(
    ready: Elasticsearch, index_prefix: str
) -> None:
    other_day = {"@timestamp": "2026-11-24T12:00:00+00:00"}
    store(ready, index_prefix, "ml-api-perfs", {"@timestamp": DATE}, other_day)
    assert ready.count(index=f"{index_prefix}ml-api-perfs")["count"] == 2


def test_an_index_is_green_on_one_node_and_refreshes_unasked(
    ready: Elasticsearch, index_prefix: str
) -> None:
    store(ready, index_prefix, "ml-api-logs", {"@timestamp": DATE})
    name = index_name(index_prefix, "ml-api-logs", DAY)
    assert ready.cluster.health(index=name, wait_for_status="green")["status"] == "green"
    settings = ready.indices.get_settings(index=name)[name]["settings"]["index"]
    assert settings["refresh_interval"] == "1s"


def test_setup_says_what_it_did(elastic: Elasticsearch, index_prefix: str) -> None:
    assert setup(elastic, index_prefix, 90)[-3:] == [
        f"Template {index_prefix}{alias}: mapping version {MAPPING_VERSION}, "
        "for indices made from now on."
        for alias in INDICES
    ]


def test_a_second_setup_changes_nothing(ready: Elasticsearch, index_prefix: str) -> None:
    before = ready.indices.get_index_template(name=f"{index_prefix}*").body
    assert setup(ready, index_prefix, 90) == []
    assert ready.indices.get_index_template(name=f"{index_prefix}*").body == before


def test_an_edited_template_is_written_again(ready: Elasticsearch, index_prefix: str) -> None:
    name = f"{index_prefix}ml-api-logs"
    ready.indices.put_index_template(
        name=name,
        index_patterns=[f"{name}-*"],
        meta={"managed_by": "heartrisk", "version": 1},
    )
    assert len(setup(ready, index_prefix, 90)) == 1
    assert setup(ready, index_prefix, 90) == []


def test_a_template_of_a_newer_release_is_left_alone(
    ready: Elasticsearch, index_prefix: str
) -> None:
    name = f"{index_prefix}ml-api-logs"
    newer = MAPPING_VERSION + 1
    ready.indices.put_index_template(
        name=name, index_patterns=[f"{name}-*"], meta={"version": newer}
    )
    assert setup(ready, index_prefix, 90) == [
        f"Template {name} has mapping version {newer}, newer than {MAPPING_VERSION} here: "
        "left as it is."
    ]
    (found,) = ready.indices.get_index_template(name=name)["index_templates"]
    assert found["index_template"]["_meta"] == {"version": newer}


@pytest.mark.parametrize("version", [None, "new", 0.5])
def test_a_template_whose_version_is_no_number_is_none_of_ours(
    elastic: Elasticsearch, index_prefix: str, version: object
) -> None:
    name = f"{index_prefix}ml-api-logs"
    elastic.indices.put_index_template(
        name=name, index_patterns=[f"{name}-*"], meta={"version": version}
    )
    assert f"Template {name}: mapping" in setup(elastic, index_prefix, 90)[-3]


def test_a_changed_mapping_meets_the_next_index(
    ready: Elasticsearch, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(ready, index_prefix, "ml-api-logs", {"@timestamp": DATE})
    use_next_release(monkeypatch)
    setup(ready, index_prefix, 90)
    today, tomorrow = store(
        ready,
        index_prefix,
        "ml-api-logs",
        {"@timestamp": DATE, "colour": "red"},
        {"@timestamp": "2026-11-24T12:00:00+00:00", "colour": "red"},
    )
    assert [today["error"]["type"], tomorrow["status"]] == [STRICT, 201]
    mappings = ready.indices.get_mapping(index=f"{index_prefix}ml-api-logs")
    assert [
        mappings[index_name(index_prefix, "ml-api-logs", day)]["mappings"]["_meta"]["version"]
        for day in (DAY, "2026.11.24")
    ] == [MAPPING_VERSION, MAPPING_VERSION + 1]


class Coloured(Dated):
    """The document of a release to come."""

    colour = Keyword()


def use_next_release(monkeypatch: pytest.MonkeyPatch) -> None:
    index = LogIndex("ml-api-logs", Coloured, MAPPING_VERSION + 1, INDICES["ml-api-logs"].source)
    monkeypatch.setitem(INDICES, "ml-api-logs", index)


def test_an_index_with_the_name_of_an_alias_stands_in_the_way(
    elastic: Elasticsearch, index_prefix: str
) -> None:
    elastic.indices.create(index=f"{index_prefix}ml-api-perfs")
    with pytest.raises(SetupError, match=f"an index named {index_prefix}ml-api-perfs, so"):
        setup(elastic, index_prefix, 90)


def test_it_asks_whether_the_server_has_ilm(ready: Elasticsearch, index_prefix: str) -> None:
    name = f"{index_prefix}ml-api-logs"
    (found,) = ready.indices.get_index_template(name=name)["index_templates"]
    settings = found["index_template"]["template"]["settings"]["index"]
    assert ("lifecycle" in settings) == has_ilm(ready, index_prefix)
