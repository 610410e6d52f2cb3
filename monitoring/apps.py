"""What happens once, when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    """Watching the service: live page, alerts, drift, metrics."""

    name = "monitoring"
    verbose_name = _("Monitoring")
