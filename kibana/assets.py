"""All that is imported: data views and dashboards, one JSON object a line."""

from typing import Any, Final

from kibana.data_views import LOGS, MESSAGE, PERFS, data_view
from kibana.performance import PERFORMANCE
from kibana.predictions_overview import predictions_overview
from kibana.saved_object import as_json

DATA_VIEWS: Final = (LOGS, MESSAGE, PERFS)


def saved_objects(prefix: str = "") -> list[dict[str, Any]]:
    """Data views first: dashboards refer to them. ``prefix``: ES_INDEX_PREFIX."""
    views = [data_view(alias, prefix) for alias in DATA_VIEWS]
    dashboards = (predictions_overview(), PERFORMANCE)
    return [*views, *(dashboard.build(prefix) for dashboard in dashboards)]


def ndjson(prefix: str = "") -> str:
    """The file; without a prefix it is ``assets.ndjson``."""
    return "".join(f"{as_json(each)}\n" for each in saved_objects(prefix))
