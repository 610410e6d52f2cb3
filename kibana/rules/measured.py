"""Rules that measure the requests themselves, whether the site evaluates its alerts or not.

*Custom threshold* is the one free rule type that says what an alert's definition says: a mean or
a ratio, of at least so many requests. All of its criteria must hold. Of Kibana 8.13 and newer.
"""

from collections.abc import Iterator
from typing import Any

from kibana.data_views import PERFS, SINGLE, data_view_id
from kibana.lens.columns import kuery
from kibana.rules.rule import EVERY, WINDOW_MINUTES, Rule, RuleType, rule_id, thresholds
from monitoring.alerts.definitions import ALERTS, LEAST_REQUESTS, AlertDefinition, Kind


def measured_rules(prefix: str) -> Iterator[Rule]:
    """Of every mean and share."""
    for alert in ALERTS:
        if alert.kind is Kind.NUMBER:
            continue
        for severity, threshold in thresholds(alert):
            yield Rule(
                id=rule_id(prefix, alert, severity),
                alert=alert,
                severity=severity,
                type=RuleType.CUSTOM_THRESHOLD,
                params=_params(prefix, alert, threshold),
                runs=runs(alert),
            )


def runs(alert: AlertDefinition) -> int:
    """Windows overlap: two of 5 minutes, one after the other, are six runs of one a minute."""
    return alert.holds_for // EVERY + 1


def documents(alert: AlertDefinition) -> str:
    """Which of ``ml-api-perfs`` are measured, in KQL."""
    return SINGLE if alert.without_batches else ""


def _params(prefix: str, alert: AlertDefinition, threshold: float) -> dict[str, Any]:
    return {
        "criteria": [
            _criterion(threshold, **_measure(alert)),
            _criterion(LEAST_REQUESTS, metrics=[_count(f"{alert.field}: *")]),
        ],
        "searchConfiguration": {
            "index": data_view_id(PERFS, prefix),
            "query": kuery(documents(alert)),
        },
        # Nobody asks at night: no reason to wake anyone.
        "alertOnNoData": False,
        "alertOnGroupDisappear": False,
    }


def _measure(alert: AlertDefinition) -> dict[str, Any]:
    if alert.kind is Kind.MEAN:
        return {"metrics": [{"name": "A", "aggType": "avg", "field": alert.field}]}
    metrics = [_count(f"{alert.field} >= 500"), _count(f"{alert.field}: *", "B")]
    return {"metrics": metrics, "equation": "A / B * 100"}


def _count(kql: str, name: str = "A") -> dict[str, Any]:
    return {"name": name, "aggType": "count", "filter": kql}


def _criterion(threshold: float, **measure: Any) -> dict[str, Any]:
    return {
        **measure,
        "comparator": ">=",
        "threshold": [threshold],
        "timeSize": WINDOW_MINUTES,
        "timeUnit": "m",
    }
