"""What one run of a rule asks of Elasticsearch, and whether its condition is met.

After Kibana's executors: the range of the window, the rule's own query, its aggregations.
"""

import json
import operator
import re
from datetime import datetime, timedelta
from typing import Any, Final

from elasticsearch import Elasticsearch

from kibana.assets import saved_objects
from kibana.data_views import TIME_FIELD
from kibana.rules.rule import Rule, RuleType
from tests.kibana.kql import to_query

Json = dict[str, Any]
_COMPARE: Final = {">=": operator.ge, ">": operator.gt}


def is_met(client: Elasticsearch, prefix: str, rule: Rule, now: datetime) -> bool:
    if rule.type is RuleType.CUSTOM_THRESHOLD:
        return _custom_threshold(client, prefix, rule.params, now)
    if rule.type is RuleType.INDEX_THRESHOLD:
        return _index_threshold(client, rule.params, now)
    return _es_query(client, rule.params, now)


def _custom_threshold(client: Elasticsearch, prefix: str, params: Json, now: datetime) -> bool:
    """All criteria; without a value it is not met."""
    search = params["searchConfiguration"]
    titles = {each["id"]: each["attributes"]["title"] for each in saved_objects(prefix)}
    met = []
    for criterion in params["criteria"]:
        window = _window(now, criterion["timeSize"], criterion["timeUnit"])
        aggs = {each["name"]: _metric(each) for each in criterion["metrics"]}
        answer = client.search(
            index=titles[search["index"]],
            size=0,
            query={"bool": {"filter": [window, to_query(search["query"]["query"])]}},
            aggs=aggs,
        )
        found = answer["aggregations"]
        values = {name: found[name].get("value", found[name].get("doc_count")) for name in aggs}
        value = _calculated(criterion.get("equation", "A"), values)
        met.append(value is not None and _compared(value, criterion, "comparator"))
    return all(met)


def _metric(metric: Json) -> Json:
    if metric["aggType"] == "count":
        return {"filter": to_query(metric["filter"])}
    return {metric["aggType"]: {"field": metric["field"]}}


def _calculated(equation: str, values: dict[str, Any]) -> float | None:
    """Only what Kibana's editor lets through, and only quotients and products of it."""
    assert not re.findall(r"[^A-Z+\-\s\d.()/*><=?:&!|]", equation)
    result, sign = None, "*"
    for word in equation.split():
        if word in "*/":
            sign = word
            continue
        value = values[word] if word in values else float(word)
        if value is None or (sign == "/" and not value):
            return None
        result = value if result is None else result * value if sign == "*" else result / value
    return result


def _index_threshold(client: Elasticsearch, params: Json, now: datetime) -> bool:
    filters = [
        _window(now, params["timeWindowSize"], params["timeWindowUnit"]),
        to_query(params.get("filterKuery", "")),
    ]
    answer = client.search(
        index=params["index"],
        size=0,
        query={"bool": {"filter": filters}},
        aggs={"metricAgg": {params["aggType"]: {"field": params["aggField"]}}},
    )
    value = answer["aggregations"]["metricAgg"]["value"]
    return value is not None and _compared(value, params, "thresholdComparator")


def _es_query(client: Elasticsearch, params: Json, now: datetime) -> bool:
    window = _window(now, params["timeWindowSize"], params["timeWindowUnit"])
    answer = client.search(
        index=params["index"],
        size=params["size"],
        query={"bool": {"filter": [window, json.loads(params["esQuery"])["query"]]}},
        sort=[{params["timeField"]: {"order": "desc"}}],
        track_total_hits=True,
    )
    return _compared(answer["hits"]["total"]["value"], params, "thresholdComparator")


def _window(now: datetime, size: int, unit: str) -> Json:
    assert unit == "m"
    start = now - timedelta(minutes=size)
    return {"range": {TIME_FIELD: {"gte": start.isoformat(), "lte": now.isoformat()}}}


def _compared(value: float, params: Json, comparator: str) -> bool:
    (threshold,) = params["threshold"]
    return bool(_COMPARE[params[comparator]](value, threshold))
