"""What happens once, when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogPipelineConfig(AppConfig):
    """The log pipeline: from Redis to Elasticsearch."""

    name = "logpipeline"
    verbose_name = _("Log pipeline")

    def ready(self) -> None:
        # Imported here, because a rule's own modules may need the apps.
        from django.core.checks import register

        from logpipeline.checks import check_rules
        from logpipeline.health import register_checks
        from predictions.health import HEALTH

        register(check_rules)
        register_checks(HEALTH)
