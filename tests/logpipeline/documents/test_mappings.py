"""The Documents: strict everywhere, of the site's own fields, and of a version."""

import hashlib

import orjson
import pytest

from logpipeline.documents.fields import LONGEST_TERM
from logpipeline.documents.indices import template
from logpipeline.documents.mappings import INDICES, MAPPING_VERSION
from logpipeline.documents.names import INDEX_NAMES
from predictions.features import FEATURES, NAMES, Kind
from predictions.profiling import Metrics
from tests.logpipeline.site_documents import fields_of

# Of all three templates, by MAPPING_VERSION. An index says by the version which mapping it has,
# so that a line here is never changed once it was released, only added to.
FINGERPRINTS = {
    1: "c20c04b195e2ba38a170bc03d556dc1ff40d8eb8174c2c3f69139d2454d30030",
    2: "fe42d80d313d5b2f983302087480070a84d76358043e071f16b28b745077f38d",
}


def test_a_changed_mapping_has_a_new_version() -> None:
    templates = [template(index, "", None) for index in INDICES.values()]
    text = orjson.dumps(templates, option=orjson.OPT_SORT_KEYS)
    assert FINGERPRINTS[MAPPING_VERSION] == hashlib.sha256(text).hexdigest()
    assert max(FINGERPRINTS) == MAPPING_VERSION


def test_there_is_a_document_for_each_index_that_a_rule_may_name() -> None:
    assert tuple(INDICES) == INDEX_NAMES


@pytest.mark.parametrize("alias", INDICES)
def test_every_object_is_strict(alias: str) -> None:
    lenient = [
        path
        for path, field in fields_of(INDICES[alias].mappings())
        if "properties" in field and field.get("dynamic") != "strict"
    ]
    assert lenient == []
    assert INDICES[alias].mappings()["dynamic"] == "strict"


@pytest.mark.parametrize("alias", INDICES)
def test_no_text_of_a_client_can_be_too_long_a_term(alias: str) -> None:
    unlimited = {
        path
        for path, field in fields_of(INDICES[alias].mappings())
        if field.get("type") == "keyword" and field.get("ignore_above") != LONGEST_TERM
    }
    # Made by the pipeline itself.
    assert unlimited == {"hour_of_day", "weekday"}


@pytest.mark.parametrize("where", ["ml-api-logs", "ml-api-message"])
def test_the_inputs_are_those_of_the_model(where: str) -> None:
    fields = dict(fields_of(INDICES[where].mappings()))
    above = "data." if where == "ml-api-logs" else ""
    inputs = fields[f"{above}input_data"]["properties"]
    types = {Kind.NUMBER: "float", Kind.CHOICE: "byte"}
    assert inputs == {feature.name: {"type": types[feature.kind]} for feature in FEATURES}
    assert set(fields[f"{above}result.imputed"]["properties"]) == set(NAMES)


def test_the_metrics_are_those_that_the_site_measures() -> None:
    logged = dict(fields_of(INDICES["ml-api-logs"].mappings()))["data.performance_metrics"]
    assert set(logged["properties"]) == set(Metrics.__annotations__)
    assert set(Metrics.__annotations__) <= set(INDICES["ml-api-perfs"].mappings()["properties"])


def test_mappings_are_handed_out_as_copies() -> None:
    INDICES["ml-api-perfs"].mappings()["properties"].clear()
    assert INDICES["ml-api-perfs"].mappings()["properties"]
