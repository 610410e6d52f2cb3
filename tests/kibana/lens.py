"""What a panel asks of Elasticsearch, derived from its state, and the rows that it would show.

As Lens makes it: each column that groups is an aggregation inside the one before it, each that
measures is one in the innermost.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from elasticsearch import Elasticsearch

from kibana.data_views import TIME_FIELD
from monitoring.period import Period
from tests.kibana.kql import to_query

Json = dict[str, Any]
Row = tuple[Any, ...]
_METRICS: Final = {"average": "avg", "max": "max"}


def panels_of(dashboard: Json) -> list[Json]:
    """Of a dashboard as a saved object."""
    panels: list[Json] = json.loads(dashboard["attributes"]["panelsJSON"])
    return panels


def rows_of(client: Elasticsearch, panel: Json, index: str, period: Period) -> list[Row]:
    """The values of each row: what it is grouped by, then what is measured."""
    if panel["type"] == "visualization":
        return _vega_rows(client, panel, period)
    attributes = panel["embeddableConfig"]["attributes"]
    state = attributes["state"]
    columns = columns_of(panel)
    filters = [_within(period), to_query(state["query"]["query"])]
    answer = client.search(
        index=index, size=0, query={"bool": {"filter": filters}}, aggs=aggregations(columns, period)
    )
    whole = {"doc_count": answer["hits"]["total"]["value"], **answer.get("aggregations", {})}
    return list(_flattened(whole, list(columns.items())))


def columns_of(panel: Json) -> Json:
    """Id -> column, in their order."""
    state = panel["embeddableConfig"]["attributes"]["state"]
    (layer,) = state["datasourceStates"]["formBased"]["layers"].values()
    return {id_: layer["columns"][id_] for id_ in layer["columnOrder"]}


def vega_spec(panel: Json) -> Json:
    spec: Json = json.loads(panel["embeddableConfig"]["savedVis"]["params"]["spec"])
    return spec


def aggregations(columns: Json, period: Period) -> Json:
    """By the id of the column that each is of."""
    buckets = [(id_, column) for id_, column in columns.items() if column["isBucketed"]]
    inside = {
        id_: _metric(column)
        for id_, column in columns.items()
        if not column["isBucketed"] and column["operationType"] != "count"
    }
    for id_, column in reversed(buckets):
        inside = {id_: {**_bucket(column, columns, period), "aggs": inside}}
    return inside


def _bucket(column: Json, columns: Json, period: Period) -> Json:
    params = column["params"]
    if column["operationType"] == "date_histogram":
        width = period.bucket if params["interval"] == "auto" else timedelta(hours=1)
        assert params["interval"] in ("auto", "1h")
        seconds = f"{int(width.total_seconds())}s"
        return {"date_histogram": {"field": column["sourceField"], "fixed_interval": seconds}}
    if column["operationType"] == "terms":
        order = params["orderBy"]
        by = "_key" if order["type"] == "alphabetical" else _ordering(columns, order["columnId"])
        return {
            "terms": {
                "field": column["sourceField"],
                "size": params["size"],
                "order": {by: params["orderDirection"]},
            }
        }
    assert column["operationType"] == "filters"
    named = {each["label"]: to_query(each["input"]["query"]) for each in params["filters"]}
    return {"filters": {"filters": named}}


def _ordering(columns: Json, id_: str) -> str:
    return "_count" if columns[id_]["operationType"] == "count" else id_


def _metric(column: Json) -> Json:
    operation = column["operationType"]
    if operation == "percentile":
        percents = [column["params"]["percentile"]]
        return {"percentiles": {"field": column["sourceField"], "percents": percents}}
    return {_METRICS[operation]: {"field": column["sourceField"]}}


def _flattened(bucket: Json, columns: list[tuple[str, Json]]) -> Iterator[Row]:
    if not columns or not columns[0][1]["isBucketed"]:
        yield tuple(_value(bucket, id_, column) for id_, column in columns)
        return
    (id_, column), *rest = columns
    for key, inner in _in_order(bucket[id_]["buckets"], column):
        for row in _flattened(inner, rest):
            yield (key, *row)


def _in_order(buckets: Any, column: Json) -> list[tuple[Any, Json]]:
    """Elasticsearch sorts filters by name; Lens shows them in the order of the column."""
    if isinstance(buckets, list):
        return [(each["key"], each) for each in buckets]
    labels = [each["label"] for each in column["params"]["filters"]]
    return [(label, buckets[label]) for label in labels]


def _value(bucket: Json, id_: str, column: Json) -> Any:
    if column["operationType"] == "count":
        return bucket["doc_count"]
    if column["operationType"] == "percentile":
        (value,) = bucket[id_]["values"].values()
        return value
    return bucket[id_]["value"]


def _vega_rows(client: Elasticsearch, panel: Json, period: Period) -> list[Row]:
    """The key, then the fields that its transforms make, in their order."""
    data = vega_spec(panel)["data"]
    url = data["url"]
    assert url["%context%"] is True
    assert url["%timefield%"] == TIME_FIELD
    answer: Any = client.search(index=url["index"], query=_within(period), **url["body"]).body
    for name in data["format"]["property"].split("."):
        answer = answer[name]
    made = vega_spec(panel)["transform"]
    names = [each["calculate"].split(".")[1] for each in made]
    return [(bucket["key"], *(bucket[name]["value"] for name in names)) for bucket in answer]


def _within(period: Period) -> Json:
    return {"range": {TIME_FIELD: {"gte": _text(period.start), "lt": _text(period.end)}}}


def _text(moment: datetime) -> str:
    return moment.isoformat()
