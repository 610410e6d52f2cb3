"""KQL as Kibana sends it to Elasticsearch: the part of the language that the assets use.

After Kibana's own ``toElasticsearchQuery``: a comparison is a range, ``field: *`` is an exists,
``field: value`` a match.
"""

import re
from typing import Any, Final

Query = dict[str, Any]

_COMPARISON: Final = re.compile(r"(?P<field>[\w.]+) (?P<sign>>=|<=|>|<) (?P<value>-?[\d.]+)")
_EXISTS: Final = re.compile(r"(?P<field>[\w.]+): \*")
_EQUAL: Final = re.compile(r"(?P<field>[\w.]+): (?P<value>[\w.-]+)")
_RANGE: Final = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}


def to_query(kql: str) -> Query:
    """Raises ``ValueError`` for what is not of that part."""
    if not kql:
        return {"match_all": {}}
    parts = kql.split(" and ")
    if len(parts) > 1:
        return {"bool": {"filter": [to_query(part) for part in parts]}}
    if kql.startswith("not "):
        return {"bool": {"must_not": [to_query(kql.removeprefix("not "))]}}
    if found := _COMPARISON.fullmatch(kql):
        return {"range": {found["field"]: {_RANGE[found["sign"]]: float(found["value"])}}}
    if found := _EXISTS.fullmatch(kql):
        return {"exists": {"field": found["field"]}}
    if found := _EQUAL.fullmatch(kql):
        return {"match": {found["field"]: found["value"]}}
    raise ValueError(kql)


def fields_in(kql: str) -> list[str]:
    return re.findall(r"[\w.]+(?=: | [<>])", kql)
