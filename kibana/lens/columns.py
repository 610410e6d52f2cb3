"""The columns of a Lens layer: what it groups by, and what it measures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from kibana.data_views import TIME_FIELD

RECORDS: Final = "___records___"
_NULLABLE: Final = {"emptyAsNull": True}
_PERCENT: Final = {"id": "percent", "params": {"decimals": 1}}


class Order(StrEnum):
    """Of the values of a field: as text, or the one with the greatest first metric."""

    ALPHABET = "alphabet"
    METRIC = "metric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``order``: of the values that it groups by."""

    label: str
    operation: str
    params: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    data_type: str = "number"
    scale: str = "ratio"
    bucketed: bool = False
    order: Order | None = None

    def state(self, first_metric: str) -> dict[str, Any]:
        """As Lens keeps it. ``first_metric``: the id of the layer's first measured column."""
        state: dict[str, Any] = {
            "label": self.label,
            "customLabel": True,
            "dataType": self.data_type,
            "operationType": self.operation,
            "isBucketed": self.bucketed,
            "scale": self.scale,
            "params": {**self.params, **self._ordered(first_metric)},
        }
        if self.source:
            state["sourceField"] = self.source
        return state

    def _ordered(self, first_metric: str) -> dict[str, Any]:
        if self.order is Order.ALPHABET:
            by: dict[str, Any] = {"type": "alphabetical", "fallback": False}
            return {"orderBy": by, "orderDirection": "asc"}
        if self.order is Order.METRIC:
            by = {"type": "column", "columnId": first_metric}
            return {"orderBy": by, "orderDirection": "desc"}
        return {}


def kuery(query: str) -> dict[str, str]:
    """A query in KQL, as Kibana writes it down."""
    return {"language": "kuery", "query": query}


def over_time(interval: str = "auto") -> Column:
    """``auto`` aims at 50 buckets of the dashboard's time range."""
    return Column(
        label="Time",
        operation="date_histogram",
        source=TIME_FIELD,
        data_type="date",
        scale="interval",
        bucketed=True,
        params={"interval": interval, "includeEmptyRows": True, "dropPartials": False},
    )


def values_of(
    label: str,
    source: str,
    *,
    size: int,
    order: Order = Order.METRIC,
    data_type: str = "string",
) -> Column:
    """A bucket for each of the ``size`` first values of a field; the others are not shown."""
    params = {
        "size": size,
        "otherBucket": False,
        "missingBucket": False,
        "parentFormat": {"id": "terms"},
    }
    return Column(
        label=label,
        operation="terms",
        source=source,
        data_type=data_type,
        scale="ordinal",
        bucketed=True,
        params=params,
        order=order,
    )


def bands(label: str, by_label: Mapping[str, str]) -> Column:
    """A bucket for each KQL filter, in this order; a document may be in several of them."""
    filters = [{"input": kuery(kql), "label": name} for name, kql in by_label.items()]
    return Column(
        label=label,
        operation="filters",
        data_type="string",
        scale="ordinal",
        bucketed=True,
        params={"filters": filters},
    )


def count(label: str) -> Column:
    """Of documents; 0 where there are none, so that a line goes down and not away."""
    return Column(label=label, operation="count", source=RECORDS, params={"emptyAsNull": False})


def average(label: str, source: str) -> Column:
    return Column(label=label, operation="average", source=source, params=_NULLABLE)


def share(label: str, source: str) -> Column:
    """The mean of a field that is 0 or 1, shown in per cent."""
    params = {**_NULLABLE, "format": _PERCENT}
    return Column(label=label, operation="average", source=source, params=params)


def greatest(label: str, source: str) -> Column:
    return Column(label=label, operation="max", source=source, params=_NULLABLE)


def percentile(label: str, source: str, percent: int) -> Column:
    return Column(
        label=label, operation="percentile", source=source, params={"percentile": percent}
    )
