"""What the pipeline must still know when Redis and Elasticsearch are away, and what people look up.

``DeadLetter.original`` is health data; nothing else in these tables is.
"""

from datetime import timedelta
from typing import Final, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The pipeline writes every few seconds; who is silent for so long is not there any more.
SILENT_AFTER: Final = timedelta(seconds=60)


class State(models.TextChoices):
    """Of a run."""

    RUNNING = "running", _("running")
    ENDED = "ended", _("ended")
    SILENT = "no sign of life", _("no sign of life")


class PipelineRunQuerySet(models.QuerySet["PipelineRun"]):
    def in_state(self, state: State) -> Self:
        if state == State.ENDED:
            return self.filter(ended__isnull=False)
        alive = models.Q(seen__gte=timezone.now() - SILENT_AFTER)
        return self.filter(alive if state == State.RUNNING else ~alive, ended__isnull=True)


class PipelineRun(models.Model):
    """One process of the pipeline, from its start to its end."""

    class Source(models.TextChoices):
        REDIS = "redis", "Redis"
        HTTP = "http", "HTTP"
        DEAD_LETTERS = "dead letters", _("dead letters")

    class Mode(models.TextChoices):
        ONCE = "once", _("once")
        CONTINUOUS = "continuous", _("continuous")

    started = models.DateTimeField(_("started"), default=timezone.now, db_index=True)
    ended = models.DateTimeField(_("ended"), null=True, blank=True)
    seen = models.DateTimeField(_("last sign of life"), default=timezone.now)
    consumer = models.CharField(_("consumer"), max_length=200)
    source = models.CharField(_("source"), max_length=20, choices=Source)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode)
    read = models.PositiveBigIntegerField(_("read"), default=0)
    # More than were read: the rows of a batch are one each.
    transactions = models.PositiveBigIntegerField(_("transactions in them"), default=0)
    indexed = models.PositiveBigIntegerField(_("indexed"), default=0)
    duplicates = models.PositiveBigIntegerField(_("duplicates"), default=0)
    filtered = models.PositiveBigIntegerField(_("filtered"), default=0)
    dead = models.PositiveBigIntegerField(_("dead"), default=0)
    retried = models.PositiveBigIntegerField(_("retried"), default=0)
    lost = models.PositiveBigIntegerField(_("lost"), default=0)
    # The class's name only: an error's text can hold health data.
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    exit_code = models.SmallIntegerField(_("exit code"), null=True, blank=True)

    objects = PipelineRunQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        ordering = ("-started", "-id")
        verbose_name = _("pipeline run")
        verbose_name_plural = _("pipeline runs")

    def __str__(self) -> str:
        return self.consumer

    @property
    def state(self) -> State:
        if self.ended is not None:
            return State.ENDED
        return State.SILENT if self.seen < timezone.now() - SILENT_AFTER else State.RUNNING


class DeadLetter(models.Model):
    """What Elasticsearch will not have, or nobody can read: one transaction for one index."""

    key = models.CharField(max_length=200, unique=True)
    stream_id = models.CharField(_("stream id"), max_length=64)
    transaction_id = models.CharField(_("transaction id"), max_length=128, blank=True)
    # An alias; blank where no index was chosen yet: the whole entry.
    index = models.CharField(_("index"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=100)
    field = models.CharField(_("field"), max_length=200, blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    first_at = models.DateTimeField(_("first time"), default=timezone.now)
    last_at = models.DateTimeField(_("last time"), default=timezone.now, db_index=True)
    queued = models.BooleanField(_("queued"), default=False)
    # The last column: SQLite reads a row only as far as it must, and this one is long.
    original = models.BinaryField()

    class Meta:
        default_permissions = ("view", "change", "delete")
        ordering = ("-last_at", "-id")
        verbose_name = _("dead letter")
        verbose_name_plural = _("dead letters")
        indexes = [
            # Asked for every few seconds, and mostly empty.
            models.Index(fields=["id"], condition=models.Q(queued=True), name="dead_letters_queued")
        ]

    def __str__(self) -> str:
        return self.key


class LogLoss(models.Model):
    """Entries that are in no place any more: what an auditor must be told. Never deleted."""

    class Reason(models.TextChoices):
        FLUSH = "flush", _("Redis was flushed, or came back without the stream")
        SAFETY_VALVE = "safety valve", _("the stream was full, unread entries were cut")
        TRIMMED = "trimmed while pending", _("cut from the stream while being read")

    noticed_at = models.DateTimeField(_("noticed"), default=timezone.now)
    at_least = models.PositiveBigIntegerField(_("entries lost, at least"))
    reason = models.CharField(_("reason"), max_length=30, choices=Reason)
    first_id = models.CharField(_("first stream id"), max_length=64, blank=True)
    last_id = models.CharField(_("last stream id"), max_length=64, blank=True)

    class Meta:
        default_permissions = ("view",)
        ordering = ("-noticed_at", "-id")
        verbose_name = _("loss of log entries")
        verbose_name_plural = _("losses of log entries")

    def __str__(self) -> str:
        return f"{self.at_least}: {self.reason}"


class HttpCursor(models.Model):
    """How far the stream of a site on another host has been indexed."""

    url = models.CharField(max_length=500, unique=True)
    position = models.CharField(max_length=64)
    attempts = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.url


class StreamMark(models.Model):
    """What was last known of the stream: less than this in Redis means that it was flushed."""

    key = models.CharField(max_length=200, unique=True)
    entries_added = models.PositiveBigIntegerField(default=0)
    last_id = models.CharField(max_length=64)
    unacked = models.PositiveBigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
