"""Every field that a panel or a rule names is in the mapping, and of a type that fits."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from kibana.assets import saved_objects
from kibana.data_views import PERFS
from kibana.rules.every import rules_for
from kibana.rules.rule import RuleType
from kibana.server.version import NEWEST, OLDEST
from logpipeline.documents.mappings import INDICES
from monitoring.alerts.documents import ALERT_EVENTS
from monitoring.drift.documents import DRIFT_FIGURES
from tests.kibana.kql import fields_in
from tests.kibana.lens import columns_of, panels_of, vega_spec
from tests.logpipeline.site_documents import fields_of

Json = dict[str, Any]
Use = tuple[str, str, str]

_NUMBERS: Final = frozenset({"float", "integer", "short", "byte"})
# What a field is used for -> the types that can be.
FIT: Final = {
    "time": frozenset({"date"}),
    "number": _NUMBERS,
    "values": frozenset({"keyword"}) | _NUMBERS,
    "query": frozenset({"keyword", "boolean"}) | _NUMBERS,
    "nested": frozenset({"nested"}),
}
_LENS: Final = {
    "date_histogram": "time",
    "terms": "values",
    "average": "number",
    "max": "number",
    "percentile": "number",
}
TYPES: Final = {
    alias: {path: field.get("type", "object") for path, field in fields_of(index.mappings())}
    for alias, index in {
        **INDICES,
        ALERT_EVENTS.alias: ALERT_EVENTS,
        DRIFT_FIGURES.alias: DRIFT_FIGURES,
    }.items()
}


def of_panels() -> Iterator[Use]:
    objects = saved_objects()
    aliases = {
        each["id"]: each["attributes"]["title"].removesuffix("*")
        for each in objects
        if each["type"] == "index-pattern"
    }
    for each in objects:
        for panel in panels_of(each) if each["type"] == "dashboard" else []:
            if panel["type"] == "visualization":
                yield from of_vega(vega_spec(panel)["data"]["url"])
                continue
            attributes = panel["embeddableConfig"]["attributes"]
            (reference,) = attributes["references"]
            alias = aliases[reference["id"]]
            queries = [attributes["state"]["query"]["query"]]
            for column in columns_of(panel).values():
                if column["operationType"] in _LENS:
                    yield alias, column["sourceField"], _LENS[column["operationType"]]
                queries += [one["input"]["query"] for one in column["params"].get("filters", [])]
            yield from ((alias, field, "query") for kql in queries for field in fields_in(kql))


def of_vega(url: Json) -> Iterator[Use]:
    alias = url["index"].removesuffix("*")
    yield alias, url["%timefield%"], "time"
    nested = url["body"]["aggs"]["functions"]
    yield alias, nested["nested"]["path"], "nested"
    costliest = nested["aggs"]["costliest"]
    yield alias, costliest["terms"]["field"], "values"
    for metric in costliest["aggs"].values():
        yield alias, metric["sum"]["field"], "number"


def of_rules() -> Iterator[Use]:
    for rule in [*rules_for(NEWEST), *rules_for(OLDEST)]:
        if rule.type is RuleType.CUSTOM_THRESHOLD:
            queries = [rule.params["searchConfiguration"]["query"]["query"]]
            for criterion in rule.params["criteria"]:
                for metric in criterion["metrics"]:
                    queries.append(metric.get("filter", ""))
                    if "field" in metric:
                        yield PERFS, metric["field"], "number"
            yield from ((PERFS, field, "query") for kql in queries for field in fields_in(kql))
            continue
        (pattern,) = rule.params["index"]
        alias = pattern.removesuffix("*")
        yield alias, rule.params["timeField"], "time"
        if rule.type is RuleType.INDEX_THRESHOLD:
            yield alias, rule.params["aggField"], "number"
        else:
            query = json.loads(rule.params["esQuery"])["query"]
            yield from ((alias, field, "query") for field in fields_of_query(query))


def fields_of_query(query: Json) -> Iterator[str]:
    ((kind, content),) = query.items()
    if kind == "bool":
        for each in content["filter"]:
            yield from fields_of_query(each)
    else:
        yield from content


USES: Final = sorted({*of_panels(), *of_rules()})


@pytest.mark.parametrize(("alias", "field", "use"), USES)
def test_a_field_is_in_the_mapping_and_of_a_type_that_fits(
    alias: str, field: str, use: str
) -> None:
    assert TYPES[alias][field] in FIT[use]


def test_every_index_is_read_by_something() -> None:
    assert {alias for alias, _, _ in USES} == set(TYPES)


def test_every_use_is_made_of_something() -> None:
    assert {use for _, _, use in USES} == set(FIT)
