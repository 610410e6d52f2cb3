"""An app for the sake of its management command."""

from django.apps import AppConfig


class KibanaConfig(AppConfig):
    """Kibana as code."""

    name = "kibana"
