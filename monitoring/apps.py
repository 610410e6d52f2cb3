"""What happens once, when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    """Watching the service: live page, alerts, drift, metrics."""

    name = "monitoring"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        from logpipeline.documents.index import register

        # By their paths: every process comes here, and few of them need the documents.
        register("ml-api-alerts", "monitoring.alerts.documents.ALERT_EVENTS")
        register("ml-api-drift", "monitoring.drift.documents.DRIFT_FIGURES")
