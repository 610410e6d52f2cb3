"""A small builder of Grafana dashboards: panels that say what they show, laid out by themselves.

Grafana 10 or newer. Fields: grafana.com/docs/grafana/latest/dashboards/build-dashboards/
view-dashboard-json-model
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

COLUMNS: Final = 24
# A variable of the dashboard, so that it fits every Grafana.
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_SCHEMA: Final = 39


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL. ``legend`` may hold labels: ``{{path}}``."""

    expression: str
    legend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """``unit`` is one of Grafana's ids: ``s``, ``percent``, ``reqps``, ``bytes``, ``short``.

    ``red_from`` colours what is at least so much.
    """

    title: str
    description: str
    unit: str
    queries: Sequence[Query]
    kind: str = "timeseries"
    width: int = 8
    height: int = 8
    red_from: float | None = None
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A heading with its panels."""

    title: str
    panels: Sequence[Panel]


def dashboard_of(title: str, uid: str, rows: Sequence[Row], instances: str) -> dict[str, Any]:
    """``instances`` is the metric whose ``instance`` label lists the sites."""
    return {
        "uid": uid,
        "title": title,
        "tags": ["heartrisk"],
        "timezone": "browser",
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "schemaVersion": _SCHEMA,
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": _variables(instances)},
        "annotations": {"list": []},
        "panels": [
            {"id": number, **panel} for number, panel in enumerate(_laid_out(rows), start=1)
        ],
    }


def _variables(instances: str) -> list[dict[str, Any]]:
    return [
        {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
        {
            "name": "instance",
            "label": "Site",
            "type": "query",
            "datasource": _SOURCE,
            "query": {"query": f"label_values({instances}, instance)", "refId": "instances"},
            "refresh": 2,
            "multi": True,
            "includeAll": True,
            "current": {"text": ["All"], "value": ["$__all"]},
        },
    ]


def _laid_out(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """From left to right, a new line where the next panel does not fit."""
    top = 0
    for row in rows:
        yield {
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1},
        }
        left, top, tallest = 0, top + 1, 0
        for panel in row.panels:
            if left + panel.width > COLUMNS:
                left, top, tallest = 0, top + tallest, 0
            yield _panel(panel, left, top)
            left, tallest = left + panel.width, max(tallest, panel.height)
        top += tallest


def _panel(panel: Panel, left: int, top: int) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red_from is not None:
        steps.append({"color": "red", "value": panel.red_from})
    defaults: dict[str, Any] = {
        "unit": panel.unit,
        "min": 0,
        "thresholds": {"mode": "absolute", "steps": steps},
    }
    if panel.kind == "timeseries":
        defaults["custom"] = _curves(panel)
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": _SOURCE,
        "gridPos": {"x": left, "y": top, "w": panel.width, "h": panel.height},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": _options(panel.kind),
        "targets": [_target(number, query) for number, query in enumerate(panel.queries)],
    }


def _curves(panel: Panel) -> dict[str, Any]:
    return {
        "fillOpacity": 20 if panel.stacked else 0,
        "showPoints": "never",
        "stacking": {"mode": "normal" if panel.stacked else "none"},
        "thresholdsStyle": {"mode": "off" if panel.red_from is None else "dashed"},
    }


def _options(kind: str) -> dict[str, Any]:
    if kind == "stat":
        return {"reduceOptions": {"calcs": ["lastNotNull"]}, "textMode": "value_and_name"}
    return {
        "legend": {"displayMode": "list", "placement": "bottom"},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }


def _target(number: int, query: Query) -> dict[str, Any]:
    return {
        "refId": chr(ord("A") + number),
        "datasource": _SOURCE,
        "expr": query.expression,
        "legendFormat": query.legend,
    }
