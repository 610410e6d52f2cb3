"""Rules over the drift reports: how many inputs drift, as the latest ones have found."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from kibana.data_views import TIME_FIELD, pattern
from kibana.rules.rule import Rule, RuleType, rule_id, thresholds
from monitoring.alerts.definitions import BY_NAME
from monitoring.drift.documents import DRIFT_FIGURES

ALERT: Final = BY_NAME["drift"]
# ``check_alerts`` makes a report an hour, and needs a moment for it.
WINDOW: Final = timedelta(minutes=65)


def drift_rules(prefix: str) -> Iterator[Rule]:
    """A report is a document for each of its figures, and each says how many inputs drift."""
    for severity, threshold in thresholds(ALERT):
        yield Rule(
            id=rule_id(prefix, ALERT, severity),
            alert=ALERT,
            severity=severity,
            type=RuleType.ES_QUERY,
            params=_params(prefix, threshold),
        )


def _params(prefix: str, threshold: float) -> dict[str, Any]:
    return {
        "searchType": "esQuery",
        "index": [pattern(DRIFT_FIGURES.alias, prefix)],
        "timeField": TIME_FIELD,
        "esQuery": json.dumps({"query": {"range": {"drifting": {"gte": threshold}}}}),
        "size": 1,
        "timeWindowSize": WINDOW // timedelta(minutes=1),
        "timeWindowUnit": "m",
        "thresholdComparator": ">",
        "threshold": [0],
        "excludeHitsFromPreviousRun": False,
    }
