"""Drift reports: what a window of predictions looked like beside the training data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """Of a report, and of each of its figures."""

    OK = "ok", _("no drift")
    DRIFT = "drift", _("drift")
    NOT_ENOUGH_DATA = "not_enough_data", _("not enough data")


class DriftReport(models.Model):
    """One comparison of a window of predictions with the training data.

    ``total``: predictions in the window. Of those that were looked at, ``rows`` were made by
    this model and compared, ``other_model`` by another one and left out. ``drifting`` counts
    inputs, and the probability. ``figures``: a list of JSON objects (``drift.figure.Figure``).
    """

    created = models.DateTimeField(_("created"))
    source = models.CharField(_("measured in"), max_length=20)
    window_start = models.DateTimeField(_("from"))
    window_end = models.DateTimeField(_("to"))
    total = models.PositiveIntegerField(_("predictions in the window"), default=0)
    rows = models.PositiveIntegerField(_("predictions compared"))
    other_model = models.PositiveIntegerField(_("of another model, left out"), default=0)
    model_version = models.CharField(_("model"), max_length=100)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict)
    drifting = models.PositiveIntegerField(_("with drift"), default=0)
    figures = models.JSONField(_("figures"), default=list)
    copied = models.DateTimeField(_("copied to Elasticsearch"), null=True, blank=True)

    class Meta:
        verbose_name = _("drift report")
        verbose_name_plural = _("drift reports")
        ordering = ["-created", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.created:%Y-%m-%d %H:%M} {self.verdict}"
