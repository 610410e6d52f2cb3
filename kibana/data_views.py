"""Data views: which indices a panel or a rule reads."""

from typing import Any, Final

from kibana.ids import stable_id
from kibana.saved_object import as_json, reference, saved_object
from logpipeline.documents.names import INDEX_NAMES

LOGS, MESSAGE, PERFS = INDEX_NAMES
TIME_FIELD: Final = "@timestamp"
# KQL on ml-api-perfs. A batch of many rows may take as long as it likes.
SINGLE: Final = "not batch_id: *"
_TYPE: Final = "index-pattern"


def pattern(alias: str, prefix: str) -> str:
    """The indices of all days. With none of them there yet, Kibana shows no data, no error."""
    return f"{prefix}{alias}*"


def data_view_id(alias: str, prefix: str) -> str:
    return stable_id(prefix, _TYPE, alias)


def data_view(alias: str, prefix: str) -> dict[str, Any]:
    """As a saved object; Kibana reads the fields from the mapping."""
    attributes = {
        "title": pattern(alias, prefix),
        "name": pattern(alias, prefix),
        "timeFieldName": TIME_FIELD,
        "fields": as_json([]),
        "fieldAttrs": as_json({}),
        "fieldFormatMap": as_json({}),
        "runtimeFieldMap": as_json({}),
        "sourceFilters": as_json([]),
    }
    return saved_object(_TYPE, data_view_id(alias, prefix), attributes)


def data_view_reference(alias: str, prefix: str, name: str) -> dict[str, str]:
    return reference(_TYPE, data_view_id(alias, prefix), name)
