"""Panels: what a dashboard holds, each by value, so that a dashboard is one saved object."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Final

from kibana.data_views import data_view_reference
from kibana.ids import stable_id
from kibana.lens.charts import Chart
from kibana.lens.columns import kuery

# Left, top, width, height: in columns of 48 and rows of about 20 pixels.
Place = tuple[int, int, int, int]
COLUMNS: Final = 48


@dataclass(frozen=True, slots=True)
class Built:
    """A panel as the dashboard keeps it, and what it refers to."""

    state: dict[str, Any]
    references: list[dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(ABC):
    """One place of a dashboard."""

    title: str
    at: Place

    @abstractmethod
    def build(self, dashboard: str, prefix: str) -> Built:
        """``prefix``: ES_INDEX_PREFIX."""

    def _state(self, kind: str, id_: str, config: dict[str, Any]) -> dict[str, Any]:
        left, top, width, height = self.at
        return {
            "type": kind,
            "title": self.title,
            "panelIndex": id_,
            "gridData": {"x": left, "y": top, "w": width, "h": height, "i": id_},
            "embeddableConfig": {**config, "enhancements": {}},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LensPanel(Panel):
    """``reads``: the index by its alias; ``kql``: which of its documents."""

    chart: Chart
    reads: str
    kql: str = ""

    def build(self, dashboard: str, prefix: str) -> Built:
        panel = stable_id(prefix, dashboard, self.title)
        layer = stable_id(panel, "layer")
        name = f"indexpattern-datasource-layer-{layer}"
        attributes = {
            "title": self.title,
            "type": "lens",
            "visualizationType": self.chart.type,
            # A reference stands here and in the dashboard, else Kibana drops it on load.
            "references": [data_view_reference(self.reads, prefix, name)],
            "state": self._lens_state(layer),
        }
        return Built(
            self._state("lens", panel, {"attributes": attributes}),
            [data_view_reference(self.reads, prefix, f"{panel}:{name}")],
        )

    def _lens_state(self, layer: str) -> dict[str, Any]:
        columns = self.chart.columns
        ids = [stable_id(layer, str(number)) for number in range(len(columns))]
        pairs = list(zip(ids, columns, strict=True))
        first_metric = next(id_ for id_, column in pairs if not column.bucketed)
        layer_state = {
            "columns": {id_: column.state(first_metric) for id_, column in pairs},
            "columnOrder": ids,
            "incompleteColumns": {},
        }
        return {
            "datasourceStates": {"formBased": {"layers": {layer: layer_state}}},
            "visualization": self.chart.visualization(layer, ids),
            "query": kuery(self.kql),
            "filters": [],
            "adHocDataViews": {},
            "internalReferences": [],
        }
