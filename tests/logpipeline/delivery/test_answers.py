"""What each answer means, and which field it names: asked of the real Elasticsearch.

Only what it does not say on demand is taken from its documentation: 401, 403, 429, 5xx.
"""

from typing import Any

import pytest
from elasticsearch import Elasticsearch

from logpipeline.delivery.answers import Verdict, field_of, verdict_of
from logpipeline.documents.indices import setup

# Health data, say: no field's name.
SECRET = "a-value-of-somebody"
MAPPING = {
    "dynamic": "strict",
    "properties": {
        "@timestamp": {"type": "date"},
        "text": {"type": "text", "analyzer": "keyword"},
        "data": {
            "dynamic": "strict",
            "properties": {
                "status": {"type": "short"},
                "level": {"type": "keyword"},
                "AGE": {"type": "byte"},
                "probability": {"type": "float"},
                "profiled": {"type": "boolean"},
            },
        },
        "top_functions": {"type": "nested", "properties": {"calls": {"type": "integer"}}},
    },
}
IMMENSE = "x" * 40_000


class Asked:
    """Sends one document to an index of its own; what Elasticsearch says of it."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self.client = client
        self.prefix = prefix
        self.index = f"{prefix}answers"

    def create(self, identity: str = "1", **document: Any) -> tuple[int, dict[str, Any]]:
        operations = [{"create": {"_index": self.index, "_id": identity}}, document]
        item = self.client.bulk(operations=operations)["items"][0]["create"]
        return item["status"], item.get("error", {})

    def verdict(self, **document: Any) -> tuple[str, Verdict]:
        """The error's type, and what it means."""
        status, error = self.create(**document)
        return error.get("type", ""), verdict_of(status, error.get("type", ""))

    def block(self, name: str) -> None:
        self.client.indices.put_settings(index=self.index, settings={f"index.blocks.{name}": True})


@pytest.fixture
def asked(elastic: Elasticsearch, index_prefix: str) -> Asked:
    asked = Asked(elastic, index_prefix)
    elastic.indices.create(index=asked.index, mappings=MAPPING)
    return asked


def test_a_new_document_is_stored(asked: Asked) -> None:
    assert asked.verdict() == ("", Verdict.STORED)


def test_a_known_id_was_stored_before(asked: Asked) -> None:
    asked.create()
    assert asked.verdict() == ("version_conflict_engine_exception", Verdict.DUPLICATE)


@pytest.mark.parametrize(
    ("document", "kind", "field"),
    [
        ({"data": {"status": SECRET}}, "document_parsing_exception", "data.status"),
        ({"data": {"status": 99_999}}, "document_parsing_exception", "data.status"),
        ({"data": {"status": {SECRET: 1}}}, "document_parsing_exception", "data.status"),
        ({"data": {"AGE": 400}}, "document_parsing_exception", "data.AGE"),
        ({"data": {"probability": 1e300}}, "document_parsing_exception", "data.probability"),
        ({"data": {"profiled": SECRET}}, "document_parsing_exception", "data.profiled"),
        ({"data": SECRET}, "document_parsing_exception", "data"),
        ({"data": [SECRET]}, "document_parsing_exception", "data"),
        ({"data": {"": 1}}, "document_parsing_exception", ""),
        ({"@timestamp": SECRET}, "document_parsing_exception", "@timestamp"),
        (
            {"top_functions": [{"calls": SECRET}]},
            "document_parsing_exception",
            "top_functions.calls",
        ),
        ({"surplus": SECRET}, "strict_dynamic_mapping_exception", "surplus"),
        ({"data": {"sur-plus key": SECRET}}, "strict_dynamic_mapping_exception", "sur-plus key"),
        ({"data": {"level": IMMENSE}}, "document_parsing_exception", "data.level"),
        ({"text": IMMENSE}, "illegal_argument_exception", "text"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_and_the_field_named(
    asked: Asked, document: dict[str, Any], kind: str, field: str
) -> None:
    status, error = asked.create(**document)
    assert (status, error["type"], verdict_of(status, kind)) == (400, kind, Verdict.REFUSED)
    assert field_of(error) == field


def test_an_operators_block_is_waited_for(asked: Asked) -> None:
    asked.block("write")
    assert asked.verdict() == ("cluster_block_exception", Verdict.BLOCKED)


def test_a_full_disk_is_waited_for(asked: Asked) -> None:
    asked.block("read_only_allow_delete")
    assert asked.verdict() == ("cluster_block_exception", Verdict.OVERLOADED)


def test_a_closed_index_is_no_fault_of_the_document(asked: Asked) -> None:
    asked.client.indices.close(index=asked.index)
    assert asked.verdict() == ("index_closed_exception", Verdict.MISCONFIGURED)


def test_an_index_that_may_not_be_made_is_no_fault_of_the_document(asked: Asked) -> None:
    _put_template(asked, allow_auto_create=False)
    assert asked.verdict() == ("index_not_found_exception", Verdict.MISCONFIGURED)


def test_too_many_shards_are_no_fault_of_the_document(asked: Asked) -> None:
    many = {"number_of_shards": 10, "number_of_replicas": 100_000}
    _put_template(asked, template={"settings": many})
    assert asked.verdict() == ("validation_exception", Verdict.MISCONFIGURED)


def test_an_index_in_the_way_of_the_alias_is_no_fault_of_the_document(
    asked: Asked, elastic: Elasticsearch, index_prefix: str
) -> None:
    setup(elastic, index_prefix, 90)
    elastic.indices.create(index=f"{index_prefix}ml-api-logs")
    asked.index = f"{index_prefix}ml-api-logs-2026.11.24"
    assert asked.verdict() == ("invalid_alias_name_exception", Verdict.MISCONFIGURED)


def test_a_name_that_no_index_may_have_is_no_fault_of_the_document(asked: Asked) -> None:
    asked.index = "Upper-ml-api-logs"
    assert asked.verdict() == ("invalid_index_name_exception", Verdict.MISCONFIGURED)


@pytest.mark.parametrize(
    ("status", "kind", "verdict"),
    [
        (200, "", Verdict.STORED),
        (401, "security_exception", Verdict.CREDENTIALS),
        (403, "security_exception", Verdict.CREDENTIALS),
        (429, "es_rejected_execution_exception", Verdict.OVERLOADED),
        (429, "circuit_breaking_exception", Verdict.OVERLOADED),
        (500, "not_x_content_exception", Verdict.UNAVAILABLE),
        (502, "", Verdict.UNAVAILABLE),
        (503, "unavailable_shards_exception", Verdict.UNAVAILABLE),
        # No master yet, or its state not recovered.
        (503, "cluster_block_exception", Verdict.UNAVAILABLE),
        (504, "", Verdict.UNAVAILABLE),
        (302, "", Verdict.UNAVAILABLE),
    ],
)
def test_what_the_documentation_says(status: int, kind: str, verdict: Verdict) -> None:
    assert verdict_of(status, kind) is verdict


@pytest.mark.parametrize(
    "reason",
    [
        f"failed to parse date field [{SECRET}] with format [strict_date_optional_time]",
        f'For input string: "{SECRET}"',
        f"Failed to parse value [{SECRET}] as only [true] or [false] are allowed.",
        f"failed to parse: [1:5] {SECRET}",
        f"[1:5] failed to parse [{SECRET}]",
        "",
    ],
)
def test_a_value_is_never_taken_for_a_field(reason: str) -> None:
    cause = {"type": "illegal_argument_exception", "reason": reason}
    about = {"type": "document_parsing_exception", "reason": "failed to parse"}
    assert field_of({**about, "caused_by": cause}) == ""


def test_the_field_may_be_named_by_the_cause() -> None:
    cause = {"reason": 'Document contains at least one immense term in field="data.path" (whose'}
    about = {"type": "document_parsing_exception", "reason": "failed to parse"}
    assert field_of({**about, "caused_by": cause}) == "data.path"


def test_no_error_names_no_field() -> None:
    assert field_of({}) == ""


def _put_template(asked: Asked, **about: Any) -> None:
    """For another index than that of the fixture."""
    asked.index = f"{asked.prefix}other"
    asked.client.indices.put_index_template(
        name=f"{asked.prefix}other", index_patterns=[f"{asked.index}*"], **about
    )
