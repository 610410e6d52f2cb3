"""A panel in Vega, for what Lens cannot ask: Lens has no aggregation of nested fields.

Kibana's own documentation names nested fields as what Vega panels are for.
"""

from dataclasses import dataclass
from typing import Any, Final

from kibana.data_views import TIME_FIELD, pattern
from kibana.ids import stable_id
from kibana.lens.columns import kuery
from kibana.panels import Built, Panel
from kibana.saved_object import as_json

_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class VegaPanel(Panel):
    """Bars of the buckets of one aggregation, each with its metrics of ``bar`` and ``also``.

    ``buckets``: where they stand in the answer. ``bar`` and ``also``: name of a metric, and
    its title.
    """

    reads: str
    aggregations: dict[str, Any]
    buckets: str
    of: str
    bar: tuple[str, str]
    also: tuple[str, str]

    def build(self, dashboard: str, prefix: str) -> Built:
        id_ = stable_id(prefix, dashboard, self.title)
        saved = {
            "title": self.title,
            "description": "",
            "type": "vega",
            "params": {"spec": as_json(self.spec(prefix))},
            "uiState": {},
            "data": {"aggs": [], "searchSource": {"query": kuery(""), "filter": []}},
        }
        # A Vega panel names its index itself: it refers to no data view.
        return Built(self._state("visualization", id_, {"savedVis": saved}), [])

    def spec(self, prefix: str) -> dict[str, Any]:
        """In Vega-Lite; ``%context%`` puts in the dashboard's filters and time range."""
        (bar, bar_title), (also, also_title) = self.bar, self.also
        name = {"field": "key", "type": "nominal", "title": self.of}
        length = {"field": bar, "type": "quantitative", "title": bar_title}
        other = {"field": also, "type": "quantitative", "title": also_title}
        return {
            "$schema": _SCHEMA,
            "data": {
                "url": {
                    "%context%": True,
                    "%timefield%": TIME_FIELD,
                    "index": pattern(self.reads, prefix),
                    "body": {"size": 0, "aggs": self.aggregations},
                },
                "format": {"property": f"aggregations.{self.buckets}"},
            },
            "transform": [
                {"calculate": f"datum.{metric}.value", "as": metric} for metric in (bar, also)
            ],
            "autosize": {"type": "fit", "contains": "padding"},
            "mark": {"type": "bar"},
            "encoding": {
                "y": {**name, "sort": "-x", "axis": {"labelLimit": 400, "title": None}},
                "x": length,
                "tooltip": [name, length, other],
            },
        }
