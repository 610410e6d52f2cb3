"""Alerts: one row for each time that something was wrong, and what was told of it."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from monitoring.alerts.definitions import BY_NAME, AlertDefinition

OPEN_STATES: Final = ("pending", "firing")


class Severity(models.TextChoices):
    """How bad: ``critical`` wakes somebody."""

    WARNING = "warning", _("warning")
    CRITICAL = "critical", _("critical")


class State(models.TextChoices):
    """``pending``: above the threshold, but not yet for long enough."""

    PENDING = "pending", _("pending")
    FIRING = "firing", _("firing")
    RESOLVED = "resolved", _("resolved")


class Transition(models.TextChoices):
    """What an event tells."""

    FIRED = "fired", _("fired")
    WORSENED = "worsened", _("worsened")
    EASED = "eased", _("eased")
    RESOLVED = "resolved", _("resolved")


class Alert(models.Model):
    """One episode: from the first window above the threshold to the first that is clear again.

    ``value`` is the latest, ``worst`` the greatest, both in the unit of the definition
    ``name``. The truth about alerts; Elasticsearch has a copy.

    ``critical_since``: since when every value was at least critical. ``quiet_since``: since
    when there were too few requests to judge by.
    """

    name = models.CharField(_("alert"), max_length=50)
    state = models.CharField(_("state"), max_length=10, choices=State)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    value = models.FloatField(_("value"))
    worst = models.FloatField(_("worst value"))
    threshold = models.FloatField(_("threshold"))
    source = models.CharField(_("measured in"), max_length=20)
    started = models.DateTimeField(_("above since"))
    seen = models.DateTimeField(_("last measured"))
    critical_since = models.DateTimeField(_("critical since"), null=True, blank=True)
    quiet_since = models.DateTimeField(_("too few requests since"), null=True, blank=True)
    fired = models.DateTimeField(_("fired"), null=True, blank=True)
    resolved = models.DateTimeField(_("resolved"), null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-started", "-pk"]
        constraints = [
            # Two evaluations at once cannot open the same alert twice.
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(state__in=OPEN_STATES),
                name="one_open_alert_of_a_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def definition(self) -> AlertDefinition | None:
        """None of an alert that a former version of the site knew."""
        return BY_NAME.get(self.name)

    @property
    def label(self) -> str:
        return str(self.definition.label) if self.definition else self.name

    @property
    def unit(self) -> str:
        return self.definition.unit if self.definition else ""

    def lasted(self, now: datetime) -> timedelta:
        """From the first value above the threshold to the end, or until now."""
        return (self.resolved or now) - self.started


class AlertEvent(models.Model):
    """A transition that people are told of; ``told`` and ``copied`` are empty until that worked.

    ``value`` is empty where an alert ended without one. ``posted`` and ``mailed``: when which
    of the two ways worked, so that one that fails does not repeat the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="events")
    transition = models.CharField(_("transition"), max_length=10, choices=Transition)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    value = models.FloatField(_("value"), null=True)
    threshold = models.FloatField(_("threshold"))
    at = models.DateTimeField(_("at"))
    told = models.DateTimeField(_("told"), null=True, blank=True)
    posted = models.DateTimeField(_("sent to the webhook"), null=True, blank=True)
    mailed = models.DateTimeField(_("e-mailed"), null=True, blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)
    copied = models.DateTimeField(_("copied to Elasticsearch"), null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("alert event")
        verbose_name_plural = _("alert events")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.alert.name} {self.transition}"
