"""Every rule, as a version of Kibana can have it."""

from typing import Final

from kibana.rules import drift
from kibana.rules.measured import measured_rules
from kibana.rules.older import older_rules
from kibana.rules.rule import Rule
from kibana.rules.told import told_rules
from kibana.server.version import Version
from monitoring.alerts.definitions import ALERTS, Kind

# Since then: the custom threshold rule, generally available, and runs in a row (alert_delay).
WITH_CUSTOM_THRESHOLD: Final = Version(8, 13)


def rules_for(version: Version, prefix: str = "") -> list[Rule]:
    """One for each severity of each alert. ``prefix``: ES_INDEX_PREFIX."""
    told = [alert for alert in ALERTS if alert.kind is Kind.NUMBER and alert is not drift.ALERT]
    if version >= WITH_CUSTOM_THRESHOLD:
        requests = list(measured_rules(prefix))
    else:
        requests = list(older_rules(prefix))
        told = [*(alert for alert in ALERTS if alert.kind is Kind.SHARE), *told]
    return [*requests, *told_rules(prefix, told), *drift.drift_rules(prefix)]
