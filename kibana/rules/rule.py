"""A rule as Kibana's API takes it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from kibana.ids import stable_id
from monitoring.alerts.definitions import WINDOW, AlertDefinition

CONSUMER: Final = "stackAlerts"
EVERY: Final = timedelta(minutes=1)
WINDOW_MINUTES: Final = WINDOW // timedelta(minutes=1)
TAG: Final = "heartrisk"
RECOVERED: Final = "recovered"
# How loud the line in Kibana's own log is.
_LEVELS: Final = {"warning": "warn", "critical": "error"}


class RuleType(StrEnum):
    """All in the free licence."""

    CUSTOM_THRESHOLD = "observability.rules.custom_threshold"
    INDEX_THRESHOLD = ".index-threshold"
    ES_QUERY = ".es-query"


# Rule type -> the action group of an alert that is active, and where its reason stands.
_ACTIVE: Final = {
    RuleType.CUSTOM_THRESHOLD: ("custom_threshold.fired", "{{context.reason}}"),
    RuleType.INDEX_THRESHOLD: ("threshold met", "{{context.message}}"),
    RuleType.ES_QUERY: ("query matched", "{{context.message}}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``runs``: in so many runs in a row it must hold before it is told; 0 where the Kibana
    cannot count them.
    """

    id: str
    alert: AlertDefinition
    severity: str
    type: RuleType
    params: dict[str, Any]
    runs: int = 0

    @property
    def name(self) -> str:
        return f"{TAG}: {self.alert.name} {self.severity}"

    def update(self, connector: str) -> dict[str, Any]:
        """The body of a PUT. ``connector``: its id."""
        body: dict[str, Any] = {
            "name": self.name,
            "tags": [TAG, self.severity, self.alert.runbook],
            "schedule": {"interval": f"{EVERY // timedelta(minutes=1)}m"},
            "params": self.params,
            "actions": self._actions(connector),
        }
        if self.runs:
            body["alert_delay"] = {"active": self.runs}
        return body

    def create(self, connector: str) -> dict[str, Any]:
        """The body of a POST: a PUT refuses these three."""
        fixed = {"rule_type_id": str(self.type), "consumer": CONSUMER, "enabled": True}
        return {**self.update(connector), **fixed}

    def _actions(self, connector: str) -> list[dict[str, Any]]:
        group, reason = _ACTIVE[self.type]
        runbook = f"docs/monitoring.md#{self.alert.runbook}"
        told = (
            (group, _LEVELS[self.severity], f"{{{{rule.name}}}}: {reason} ({runbook})"),
            (RECOVERED, "info", "{{rule.name}}: over."),
        )
        once = {"summary": False, "notify_when": "onActionGroupChange", "throttle": None}
        return [
            {
                "group": each,
                "id": connector,
                "params": {"level": level, "message": message},
                "frequency": once,
            }
            for each, level, message in told
        ]


def rule_id(prefix: str, alert: AlertDefinition, severity: str) -> str:
    return stable_id(prefix, "rule", alert.name, severity)


def thresholds(alert: AlertDefinition) -> list[tuple[str, float]]:
    """Severity and the value from which it holds; one where both are the same value."""
    both = [("warning", alert.warning), ("critical", alert.critical)]
    return both if alert.warning != alert.critical else both[1:]
