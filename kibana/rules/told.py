"""Rules over what the site itself found: its lag, its spool, its dead letters.

Elasticsearch does not know these figures. ``check_alerts`` copies each transition of an alert to
``ml-api-alerts``; a rule is active for as long as one stands in its window, and tells that an
alert began or worsened. Whether it still holds, and its end, the site's own page says.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from kibana.data_views import TIME_FIELD, pattern
from kibana.rules.rule import WINDOW_MINUTES, Rule, RuleType, rule_id, thresholds
from monitoring.alerts.definitions import AlertDefinition
from monitoring.alerts.documents import ALERT_EVENTS
from monitoring.models import Transition

_BEGINS: Final = [str(Transition.FIRED), str(Transition.WORSENED)]


def told_rules(prefix: str, alerts: Iterable[AlertDefinition]) -> Iterator[Rule]:
    """What a definition says of duration the site has waited for."""
    for alert in alerts:
        for severity, _ in thresholds(alert):
            yield Rule(
                id=rule_id(prefix, alert, severity),
                alert=alert,
                severity=severity,
                type=RuleType.ES_QUERY,
                params=_params(prefix, alert, severity),
            )


def _params(prefix: str, alert: AlertDefinition, severity: str) -> dict[str, Any]:
    filters = [
        {"term": {"alert": alert.name}},
        {"term": {"severity": severity}},
        {"terms": {"transition": _BEGINS}},
    ]
    return {
        "searchType": "esQuery",
        "index": [pattern(ALERT_EVENTS.alias, prefix)],
        "timeField": TIME_FIELD,
        # Kibana reads "query" and drops any aggregation.
        "esQuery": json.dumps({"query": {"bool": {"filter": filters}}}),
        "size": 1,
        "timeWindowSize": WINDOW_MINUTES,
        "timeWindowUnit": "m",
        "thresholdComparator": ">",
        "threshold": [0],
        # Else it would be over in the next run.
        "excludeHitsFromPreviousRun": False,
    }
