"""The 18 facts about Kibana 8.9 to 8.18, each by its number, held to what the project makes.

They were read in Kibana's source: no Kibana has imported the assets here.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from kibana.rules.every import rules_for
from kibana.rules.rule import Rule, RuleType
from kibana.server.client import KibanaClient
from kibana.server.setup import set_up
from kibana.server.version import NEWEST
from monitoring.period import Period
from tests.compose import environment
from tests.kibana.kibana_server import Kibana, served
from tests.kibana.lens import columns_of, panels_of
from tests.kibana.made import (
    COLUMNS,
    DASHBOARDS,
    LENS,
    OBJECTS,
    PANELS,
    RULES,
    VIEWS,
    Json,
    attributes_of,
    columns_by,
    expected_references,
    layers_of,
    params,
    visualizations,
)
from tests.kibana.seeds import PERIOD

MOST_COLUMNS: Final = 48


def test_fact_1_versions_are_those_of_kibana_8_9() -> None:
    versions = {each["type"]: each["typeMigrationVersion"] for each in OBJECTS}
    assert versions == {"index-pattern": "8.0.0", "dashboard": "8.9.0"}
    assert {each["coreMigrationVersion"] for each in OBJECTS} == {"8.8.0"}


@pytest.mark.parametrize("one", OBJECTS, ids=lambda one: one["attributes"]["title"])
def test_fact_2_an_object_is_a_line_in_its_envelope(one: Json) -> None:
    versions = {"coreMigrationVersion", "typeMigrationVersion"}
    assert set(one) == {"id", "type", "attributes", "references", "managed", *versions}
    assert one["managed"] is False
    assert {tuple(sorted(each)) for each in one["references"]} <= {("id", "name", "type")}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view["attributes"]["title"])
def test_fact_3_a_data_view_has_its_attributes_some_as_json(view: Json) -> None:
    attributes = dict(view["attributes"])
    assert attributes.pop("timeFieldName") == "@timestamp"
    assert attributes.pop("title") == attributes.pop("name")
    assert {name: json.loads(text) for name, text in attributes.items()} == {
        "fields": [],
        "fieldAttrs": {},
        "fieldFormatMap": {},
        "runtimeFieldMap": {},
        "sourceFilters": [],
    }


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one["attributes"]["title"])
def test_fact_4_a_dashboard_has_no_other_key(dashboard: Json) -> None:
    attributes = dashboard["attributes"]
    time = {"timeRestore", "timeFrom", "timeTo", "refreshInterval"}
    strings = {"title", "description", "panelsJSON", "optionsJSON"}
    assert set(attributes) == {*strings, *time, "kibanaSavedObjectMeta", "version"}
    assert [name for name in strings if not isinstance(attributes[name], str)] == []
    assert isinstance(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"], str)
    assert set(attributes["refreshInterval"]) == {"pause", "value"}
    assert (attributes["version"], attributes["timeRestore"]) == (1, True)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_fact_5_a_panel_stands_in_the_grid(panel: Json) -> None:
    assert set(panel) == {"type", "title", "panelIndex", "gridData", "embeddableConfig"}
    grid = panel["gridData"]
    assert set(grid) == {"x", "y", "w", "h", "i"}
    assert panel["panelIndex"] == grid["i"]
    assert 0 <= grid["x"] < grid["x"] + grid["w"] <= MOST_COLUMNS
    assert panel["embeddableConfig"]["enhancements"] == {}


@pytest.mark.parametrize("panel", LENS, ids=lambda panel: panel["title"])
def test_fact_5_a_lens_panel_holds_its_attributes_by_value(panel: Json) -> None:
    attributes = attributes_of(panel)
    assert set(panel["embeddableConfig"]) == {"attributes", "enhancements"}
    assert set(attributes) == {"title", "type", "visualizationType", "references", "state"}
    assert attributes["type"] == "lens"


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one["attributes"]["title"])
def test_fact_5_no_two_panels_share_a_place(dashboard: Json) -> None:
    taken = Counter(
        (x, y)
        for grid in (panel["gridData"] for panel in panels_of(dashboard))
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    )
    assert set(taken.values()) == {1}


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda one: one["attributes"]["title"])
def test_fact_6_a_reference_stands_twice(dashboard: Json) -> None:
    found = [(each["name"], each["id"]) for each in dashboard["references"]]
    assert found == list(expected_references(dashboard))
    assert {id_ for _, id_ in found} <= {view["id"] for view in VIEWS}


@pytest.mark.parametrize("panel", LENS, ids=lambda panel: panel["title"])
def test_fact_7_a_state_has_its_six_parts(panel: Json) -> None:
    state = dict(attributes_of(panel)["state"])
    assert set(state.pop("datasourceStates")) == {"formBased"}
    assert state.pop("visualization")
    assert state.pop("query").keys() == {"language", "query"}
    assert state == {"filters": [], "adHocDataViews": {}, "internalReferences": []}


@pytest.mark.parametrize("panel", LENS, ids=lambda panel: panel["title"])
def test_fact_8_a_layers_order_is_of_its_columns(panel: Json) -> None:
    (layer,) = layers_of(panel).values()
    assert set(layer) == {"columns", "columnOrder", "incompleteColumns"}
    assert sorted(layer["columnOrder"]) == sorted(layer["columns"])
    assert layer["incompleteColumns"] == {}
    # Lens wants what groups before what measures.
    bucketed = [column["isBucketed"] for column in columns_of(panel).values()]
    assert bucketed == sorted(bucketed, reverse=True)


def test_fact_8_a_column_has_its_parts() -> None:
    needed = {"label", "dataType", "operationType", "isBucketed", "params"}
    optional = {"sourceField", "scale", "customLabel"}
    for column in COLUMNS:
        assert needed <= set(column) <= needed | optional
        assert ("sourceField" in column) != (column["operationType"] == "filters")


def test_fact_9_operations_have_their_parameters() -> None:
    histogram = {"interval", "includeEmptyRows", "dropPartials"}
    assert {frozenset(one["params"]) for one in columns_by("date_histogram")} == {
        frozenset(histogram)
    }
    terms = {"size", "orderBy", "orderDirection", "otherBucket", "missingBucket", "parentFormat"}
    assert {frozenset(one["params"]) for one in columns_by("terms")} == {frozenset(terms)}
    assert all(one["params"]["parentFormat"] == {"id": "terms"} for one in columns_by("terms"))
    assert {one["params"]["percentile"] for one in columns_by("percentile")} == {50, 95, 99}
    counts = columns_by("count")
    assert {one["sourceField"] for one in counts} == {"___records___"}
    assert {frozenset(one["params"]) for one in counts} == {frozenset({"emptyAsNull"})}


def test_fact_9_values_are_ordered_by_a_column_of_their_own_layer() -> None:
    for panel in LENS:
        columns = columns_of(panel)
        for column in columns.values():
            order = column["params"].get("orderBy", {"type": "alphabetical"})
            if order["type"] == "column":
                assert columns[order["columnId"]]["isBucketed"] is False


def test_fact_9_labels_of_filters_are_different() -> None:
    for column in columns_by("filters"):
        labels = Counter(each["label"] for each in column["params"]["filters"])
        assert set(labels.values()) == {1}


def test_fact_10_lines_and_bars_name_their_columns() -> None:
    for state, columns in visualizations("lnsXY"):
        assert set(state["legend"]) == {"isVisible", "position"}
        (layer,) = state["layers"]
        assert layer["layerType"] == "data"
        assert layer["seriesType"] == state["preferredSeriesType"]
        named = [layer.get("splitAccessor"), layer["xAccessor"], *layer["accessors"]]
        assert [id_ for id_ in named if id_] == list(columns)
        colored = [each["forAccessor"] for each in layer.get("yConfig", [])]
        assert colored in ([], layer["accessors"])


def test_fact_11_a_pie_has_a_color_for_yes_and_for_no() -> None:
    ((state, columns),) = visualizations("lnsPie")
    assert state["shape"] == "pie"
    (layer,) = state["layers"]
    displays = {"numberDisplay", "categoryDisplay", "legendDisplay", "nestedLegend"}
    own = {"layerId", "layerType", "primaryGroups", "metrics", "colorMapping"}
    assert set(layer) == displays | own
    assert [*layer["primaryGroups"], *layer["metrics"]] == list(columns)
    mapping = layer["colorMapping"]
    assert set(mapping) == {"paletteId", "colorMode", "assignments", "specialAssignments"}
    assert mapping["colorMode"] == {"type": "categorical"}
    assert [one["rule"]["values"] for one in mapping["assignments"]] == [["YES"], ["NO"]]


def test_fact_12_a_heat_map_has_axes_of_terms_in_the_order_of_the_alphabet() -> None:
    ((state, columns),) = visualizations("lnsHeatmap")
    assert (state["shape"], state["layerType"]) == ("heatmap", "data")
    axes = [state["xAccessor"], state["yAccessor"]]
    assert [*axes, state["valueAccessor"]] == list(columns)
    assert state["legend"].keys() == {"type", "isVisible", "position"}
    axis = {f"is{one}Axis{part}Visible" for one in "XY" for part in ("Label", "Title")}
    assert state["gridConfig"].keys() == {"type", "isCellLabelVisible", *axis}
    assert (state["legend"]["type"], state["gridConfig"]["type"]) == (
        "heatmap_legend",
        "heatmap_grid",
    )
    assert {columns[id_]["params"]["orderBy"]["type"] for id_ in axes} == {"alphabetical"}


def test_fact_13_tables_and_figures_name_their_columns() -> None:
    for state, columns in visualizations("lnsDatatable"):
        assert [each["columnId"] for each in state["columns"]] == list(columns)
        assert set(state) <= {"layerId", "layerType", "columns", "paging", "sorting"}
    for state, columns in visualizations("lnsMetric"):
        assert [state["metricAccessor"]] == list(columns)
        assert set(state) <= {"layerId", "layerType", "metricAccessor", "subtitle"}


def test_facts_10_to_13_a_visualization_names_its_layer() -> None:
    for panel in LENS:
        state = attributes_of(panel)["state"]["visualization"]
        (layer,) = layers_of(panel)
        assert [one["layerId"] for one in state.get("layers", [state])] == [layer]


def test_fact_14_an_automatic_interval_aims_at_fifty_buckets() -> None:
    """The tests ask for what Kibana would: its page's own intervals aim at as many."""
    intervals = {one["params"]["interval"] for one in columns_by("date_histogram")}
    assert intervals == {"auto", "1h"}
    assert PERIOD.span / Period(PERIOD.start, PERIOD.end).bucket == 50


@pytest.fixture
def kibana() -> Iterator[Kibana]:
    """After a first and a second set up."""
    with served(Kibana()) as kibana, KibanaClient(kibana.url) as client:
        for _ in range(2):
            list(set_up(client, NEWEST, ""))
        yield kibana


def test_fact_15_objects_are_imported_as_a_form(kibana: Kibana) -> None:
    """The server takes nothing but a form with a file, with kbn-xsrf."""
    assert kibana.asked.count("POST /api/saved_objects/_import?overwrite=true") == 2
    assert len(kibana.objects) == len(OBJECTS)


def test_fact_16_rules_are_made_by_the_api_and_then_updated(kibana: Kibana) -> None:
    """The server refuses the three keys in a PUT."""
    for rule in rules_for(NEWEST):
        path = f"/api/alerting/rule/{rule.id}"
        asked = [each.split()[0] for each in kibana.asked if each.endswith(path)]
        assert asked == ["POST", "POST", "GET", "PUT"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.name} {rule.type}")
def test_fact_16_a_rule_has_its_parts(rule: Rule) -> None:
    made, updated = rule.create("connector"), rule.update("connector")
    assert {"name", "schedule", "params"} <= set(updated)
    assert set(made) - set(updated) == {"rule_type_id", "consumer", "enabled"}
    assert (made["consumer"], made["enabled"]) == ("stackAlerts", True)
    assert made["schedule"] == {"interval": "1m"}
    assert "alert" not in {each["type"] for each in OBJECTS}


def test_fact_17_an_index_threshold_has_its_parameters() -> None:
    window = {"timeWindowSize", "timeWindowUnit", "thresholdComparator", "threshold"}
    needed = {"index", "timeField", "aggType", "aggField", "groupBy", *window}
    for one in params(RuleType.INDEX_THRESHOLD):
        assert set(one) - {"filterKuery"} == needed
        assert one["aggType"] in ("count", "avg", "min", "max", "sum")
        assert (one["timeWindowSize"], one["timeWindowUnit"]) == (5, "m")


def test_fact_17_an_elasticsearch_query_has_its_parameters() -> None:
    window = {"timeWindowSize", "timeWindowUnit", "thresholdComparator", "threshold"}
    needed = {"searchType", "index", "timeField", "esQuery", "size", *window}
    for one in params(RuleType.ES_QUERY):
        assert set(one) - {"excludeHitsFromPreviousRun"} == needed
        assert (one["searchType"], type(one["index"])) == ("esQuery", list)
        # Kibana drops all that stands beside it.
        assert json.loads(one["esQuery"]).keys() == {"query"}


def test_fact_18_the_connector_is_free_and_kibana_has_its_key(kibana: Kibana) -> None:
    (connector,) = kibana.connectors
    assert connector["connector_type_id"] == ".server-log"
    assert environment("kibana")["XPACK_ENCRYPTEDSAVEDOBJECTS_ENCRYPTIONKEY"]
