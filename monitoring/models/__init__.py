"""What the database keeps of watching: alerts with their history, drift reports."""

from monitoring.models.alerts import Alert, AlertEvent, Severity, State, Transition
from monitoring.models.drift import DriftReport, Verdict

__all__ = ["Alert", "AlertEvent", "DriftReport", "Severity", "State", "Transition", "Verdict"]
