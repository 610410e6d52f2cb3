"""Dashboards as saved objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kibana.ids import stable_id
from kibana.lens.columns import kuery
from kibana.panels import Panel
from kibana.saved_object import as_json, saved_object

_TYPE: Final = "dashboard"
_REFRESH_MS: Final = 60_000
_OPTIONS: Final = {
    "useMargins": True,
    "syncColors": False,
    "syncCursor": True,
    "syncTooltips": False,
    "hidePanelTitles": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """``shows``: the time range that it opens with, up to now, such as ``now-7d``."""

    title: str
    description: str
    shows: str
    panels: Sequence[Panel]

    def build(self, prefix: str) -> dict[str, Any]:
        """As a saved object. ``prefix``: ES_INDEX_PREFIX; with one, the title says so."""
        built = [panel.build(self.title, prefix) for panel in self.panels]
        attributes = {
            "title": f"heartrisk: {self.title}" + (f" ({prefix})" if prefix else ""),
            "description": self.description,
            "panelsJSON": as_json([each.state for each in built]),
            "optionsJSON": as_json(_OPTIONS),
            "kibanaSavedObjectMeta": {
                "searchSourceJSON": as_json({"query": kuery(""), "filter": []})
            },
            "timeRestore": True,
            "timeFrom": self.shows,
            "timeTo": "now",
            "refreshInterval": {"pause": False, "value": _REFRESH_MS},
            "version": 1,
        }
        references = [reference for each in built for reference in each.references]
        return saved_object(_TYPE, stable_id(prefix, _TYPE, self.title), attributes, references)
