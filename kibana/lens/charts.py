"""The kinds of chart that Lens draws, each with its own shape of state."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from kibana.lens.columns import Column

State = dict[str, Any]


class Chart(ABC):
    """One layer."""

    type: ClassVar[str]

    @property
    @abstractmethod
    def columns(self) -> Sequence[Column]:
        """What it groups by, outermost first, and then what it measures."""

    @abstractmethod
    def visualization(self, layer: str, ids: Sequence[str]) -> State:
        """``ids``: of the layer, and of its columns in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XY(Chart):
    """``series``: line, bar, bar_stacked, bar_horizontal. ``colors``: of each of ``y``."""

    type: ClassVar[str] = "lnsXY"
    x: Column
    y: Sequence[Column]
    series: str = "line"
    split: Column | None = None
    colors: Sequence[str] = ()

    @property
    def columns(self) -> Sequence[Column]:
        return [*([self.split] if self.split else []), self.x, *self.y]

    def visualization(self, layer: str, ids: Sequence[str]) -> State:
        measured = ids[-len(self.y) :]
        data: State = {
            "layerId": layer,
            "layerType": "data",
            "seriesType": self.series,
            "xAccessor": ids[-len(self.y) - 1],
            "accessors": list(measured),
        }
        if self.split:
            data["splitAccessor"] = ids[0]
        if self.colors:
            pairs = zip(measured, self.colors, strict=True)
            data["yConfig"] = [{"forAccessor": id_, "color": color} for id_, color in pairs]
        several = len(self.y) > 1 or self.split is not None
        return {
            "preferredSeriesType": self.series,
            "legend": {"isVisible": several, "position": "right"},
            "valueLabels": "hide",
            "layers": [data],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Pie(Chart):
    """``colors``: of each value that it is cut by."""

    type: ClassVar[str] = "lnsPie"
    by: Column
    size: Column
    colors: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> Sequence[Column]:
        return [self.by, self.size]

    def visualization(self, layer: str, ids: Sequence[str]) -> State:
        assignments = [
            {
                "rule": {"type": "matchExactly", "values": [value]},
                "color": {"type": "colorCode", "colorCode": color},
                "touched": True,
            }
            for value, color in self.colors.items()
        ]
        others = {"rule": {"type": "other"}, "color": {"type": "loop"}, "touched": False}
        data = {
            "layerId": layer,
            "layerType": "data",
            "primaryGroups": [ids[0]],
            "metrics": [ids[1]],
            "numberDisplay": "percent",
            "categoryDisplay": "default",
            "legendDisplay": "show",
            "nestedLegend": False,
            "colorMapping": {
                "paletteId": "eui_amsterdam_color_blind",
                "colorMode": {"type": "categorical"},
                "assignments": assignments,
                "specialAssignments": [others],
            },
        }
        return {"shape": "pie", "layers": [data]}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap(Chart):
    """Both axes are fields whose values sort as text."""

    type: ClassVar[str] = "lnsHeatmap"
    x: Column
    y: Column
    value: Column

    @property
    def columns(self) -> Sequence[Column]:
        return [self.x, self.y, self.value]

    def visualization(self, layer: str, ids: Sequence[str]) -> State:
        x, y, value = ids
        return {
            "shape": "heatmap",
            "layerId": layer,
            "layerType": "data",
            "xAccessor": x,
            "yAccessor": y,
            "valueAccessor": value,
            "legend": {"type": "heatmap_legend", "isVisible": True, "position": "right"},
            "gridConfig": {
                "type": "heatmap_grid",
                "isCellLabelVisible": False,
                "isXAxisLabelVisible": True,
                "isYAxisLabelVisible": True,
                "isXAxisTitleVisible": True,
                "isYAxisTitleVisible": False,
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Chart):
    """``rows``: a row for each bucket; ``measures``: the columns beside it."""

    type: ClassVar[str] = "lnsDatatable"
    rows: Column
    measures: Sequence[Column]
    page_size: int = 50

    @property
    def columns(self) -> Sequence[Column]:
        return [self.rows, *self.measures]

    def visualization(self, layer: str, ids: Sequence[str]) -> State:
        return {
            "layerId": layer,
            "layerType": "data",
            "columns": [{"columnId": id_} for id_ in ids],
            "paging": {"size": self.page_size, "enabled": True},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Chart):
    """One figure of the whole time range, large."""

    type: ClassVar[str] = "lnsMetric"
    value: Column
    subtitle: str = ""

    @property
    def columns(self) -> Sequence[Column]:
        return [self.value]

    def visualization(self, layer: str, ids: Sequence[str]) -> State:
        state = {"layerId": layer, "layerType": "data", "metricAccessor": ids[0]}
        return {**state, "subtitle": self.subtitle} if self.subtitle else state
