"""What happens once, when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from predictions.health import HEALTH


class PredictionsConfig(AppConfig):
    """Predictions: from a request to a logged result."""

    name = "predictions"
    verbose_name = _("Predictions")

    def ready(self) -> None:
        # Imported here: the checks need the settings and the database to be set up.
        from predictions.health_checks import register_checks

        register_checks(HEALTH)
