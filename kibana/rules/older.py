"""Rules that measure the requests, for Kibana 8.9 to 8.12, which has no better type for them.

*Index threshold* knows means, but neither a least number of requests nor runs in a row: a slow
request at night is told. It knows no ratio: the share of errors is told as the site tells it.
"""

from collections.abc import Iterator
from typing import Any

from kibana.data_views import PERFS, TIME_FIELD, pattern
from kibana.rules.measured import documents
from kibana.rules.rule import WINDOW_MINUTES, Rule, RuleType, rule_id, thresholds
from monitoring.alerts.definitions import ALERTS, AlertDefinition, Kind


def older_rules(prefix: str) -> Iterator[Rule]:
    """Of every mean."""
    for alert in ALERTS:
        if alert.kind is not Kind.MEAN:
            continue
        for severity, threshold in thresholds(alert):
            yield Rule(
                id=rule_id(prefix, alert, severity),
                alert=alert,
                severity=severity,
                type=RuleType.INDEX_THRESHOLD,
                params=_params(prefix, alert, threshold),
            )


def _params(prefix: str, alert: AlertDefinition, threshold: float) -> dict[str, Any]:
    params = {
        "index": [pattern(PERFS, prefix)],
        "timeField": TIME_FIELD,
        "aggType": "avg",
        "aggField": alert.field,
        "groupBy": "all",
        "timeWindowSize": WINDOW_MINUTES,
        "timeWindowUnit": "m",
        "thresholdComparator": ">=",
        "threshold": [threshold],
    }
    kql = documents(alert)
    return {**params, "filterKuery": kql} if kql else params
