"""The Grafana dashboard: its JSON, and PromQL that Prometheus parses.

That /metrics has what it asks for: test_site.py.
"""

import json
from pathlib import Path
from typing import Any, Final

from monitoring.alerts.definitions import ALERTS
from monitoring.metrics.dashboard import dashboard
from monitoring.metrics.grafana import COLUMNS, Panel, Query, Row, dashboard_of
from tests.monitoring.metrics.asked import of_dashboard
from tests.monitoring.metrics.promtool import RULES, check_rules, needs_promtool

A_PANEL: Final = Panel(
    title="Up", description="Of all.", unit="short", queries=[Query("up", "{{job}}")], width=10
)


def panels(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in document["panels"] if panel["type"] != "row"]


def test_the_file_holds_what_the_declaration_says() -> None:
    written = (RULES.parent / "grafana.json").read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(json.dumps(dashboard()))


@needs_promtool
def test_prometheus_parses_each_query(tmp_path: Path) -> None:
    queries = [
        expression.replace("$__rate_interval", "5m") for expression, _ in of_dashboard(dashboard())
    ]
    records = [{"record": f"asked:{n}", "expr": query} for n, query in enumerate(queries)]
    said = check_rules({"groups": [{"name": "asked", "rules": records}]}, tmp_path)
    assert f"{len(queries)} rules found" in said


def test_no_two_panels_lie_on_each_other_and_none_beyond_the_edge() -> None:
    cells = [
        (x, y)
        for each in dashboard()["panels"]
        for x in range(each["gridPos"]["x"], each["gridPos"]["x"] + each["gridPos"]["w"])
        for y in range(each["gridPos"]["y"], each["gridPos"]["y"] + each["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < COLUMNS


def test_each_panel_says_what_it_shows() -> None:
    assert [each["title"] for each in panels(dashboard()) if not each["description"]] == []


def test_each_panel_asks_the_prometheus_that_is_chosen() -> None:
    asked = {
        each["datasource"]["uid"]
        for panel in panels(dashboard())
        for each in (panel, *panel["targets"])
    }
    assert asked == {"${datasource}"}


def test_each_alert_of_the_table_has_a_red_line() -> None:
    lines = sum(
        len(p["fieldConfig"]["defaults"]["thresholds"]["steps"]) > 1 for p in panels(dashboard())
    )
    assert lines >= len(ALERTS)


def test_a_panel_that_does_not_fit_begins_a_new_line() -> None:
    document = dashboard_of("t", "t", [Row("r", [A_PANEL] * 3), Row("s", [A_PANEL])], "up")
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in panels(document)]
    assert places == [(0, 1), (10, 1), (0, 9), (0, 18)]


def test_a_dashboard_has_ids_for_all_and_letters_for_queries() -> None:
    document = dashboard_of("t", "t", [Row("r", [A_PANEL])], "up")
    assert [panel["id"] for panel in document["panels"]] == [1, 2]
    assert panels(document)[0]["targets"][0]["refId"] == "A"
