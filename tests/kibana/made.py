"""What the project makes for Kibana, taken apart for its tests."""

from collections.abc import Iterator
from typing import Any, Final

from kibana.assets import saved_objects
from kibana.rules.every import rules_for
from kibana.rules.rule import Rule, RuleType
from kibana.server.version import NEWEST, OLDEST
from tests.kibana.lens import columns_of, panels_of

Json = dict[str, Any]
OBJECTS: Final = saved_objects()
VIEWS: Final = [each for each in OBJECTS if each["type"] == "index-pattern"]
DASHBOARDS: Final = [each for each in OBJECTS if each["type"] == "dashboard"]
PANELS: Final = [panel for each in DASHBOARDS for panel in panels_of(each)]
LENS: Final = [panel for panel in PANELS if panel["type"] == "lens"]
COLUMNS: Final = [column for panel in LENS for column in columns_of(panel).values()]
RULES: Final[list[Rule]] = [*rules_for(NEWEST), *rules_for(OLDEST)]


def attributes_of(panel: Json) -> Json:
    found: Json = panel["embeddableConfig"]["attributes"]
    return found


def layers_of(panel: Json) -> Json:
    found: Json = attributes_of(panel)["state"]["datasourceStates"]["formBased"]["layers"]
    return found


def visualizations(kind: str) -> list[tuple[Json, Json]]:
    """Visualization and columns of each panel of the kind; at least one."""
    found = [
        (attributes_of(panel)["state"]["visualization"], columns_of(panel))
        for panel in LENS
        if attributes_of(panel)["visualizationType"] == kind
    ]
    assert found
    return found


def columns_by(operation: str) -> list[Json]:
    found = [column for column in COLUMNS if column["operationType"] == operation]
    assert found
    return found


def params(type_: RuleType) -> list[Json]:
    found = [rule.params for rule in RULES if rule.type is type_]
    assert found
    return found


def expected_references(dashboard: Json) -> Iterator[tuple[str, str]]:
    """Name and id of each reference that its panels need of the dashboard."""
    for panel in panels_of(dashboard):
        if panel["type"] == "lens":
            for layer in layers_of(panel):
                name = f"indexpattern-datasource-layer-{layer}"
                (inner,) = attributes_of(panel)["references"]
                assert (inner["name"], inner["type"]) == (name, "index-pattern")
                yield f"{panel['panelIndex']}:{name}", inner["id"]
