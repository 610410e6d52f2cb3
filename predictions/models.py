"""This app stores nothing of a patient; the admin's page of the model needs a name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ModelManifest(models.Model):
    """Stands for ``manifest.json`` in the admin: it has a permission to view, and no table."""

    class Meta:
        managed = False
        default_permissions = ("view",)
        verbose_name = _("model's manifest")
        verbose_name_plural = _("model's manifest")
