"""Shapes that the 18 facts do not have, as Kibana's source has them."""

import json

from kibana.rules.rule import RuleType
from tests.kibana.made import PANELS, params


def test_a_custom_threshold_has_its_parameters() -> None:
    """As x-pack/.../register_custom_threshold_rule_type.ts checks them."""
    for one in params(RuleType.CUSTOM_THRESHOLD):
        assert one["searchConfiguration"].keys() == {"index", "query"}
        for criterion in one["criteria"]:
            window = {"comparator", "threshold", "timeSize", "timeUnit"}
            assert set(criterion) - {"equation"} == {"metrics", *window}
            for metric in criterion["metrics"]:
                of = "filter" if metric["aggType"] == "count" else "field"
                assert metric.keys() == {"name", "aggType", of}


def test_a_vega_panel_holds_its_visualization_by_value() -> None:
    (panel,) = [panel for panel in PANELS if panel["type"] == "visualization"]
    saved = panel["embeddableConfig"]["savedVis"]
    assert set(saved) == {"title", "description", "type", "params", "uiState", "data"}
    assert saved["type"] == "vega"
    url = json.loads(saved["params"]["spec"])["data"]["url"]
    # Kibana refuses %context% beside a query of one's own.
    assert (url["%context%"], "query" in url["body"]) == (True, False)
