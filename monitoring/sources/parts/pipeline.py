"""Whether a log pipeline runs, from what the database and Redis tell of it."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logpipeline.health import is_starting
from monitoring.sources.parts.database import Kept
from monitoring.sources.parts.part import Part
from monitoring.sources.parts.since import time_in_words


def pipeline_part(kept: Kept | None, read_over_http: bool | None, now: datetime) -> Part:
    """``kept`` is None where the database is away, ``read_over_http`` where Redis is."""
    if read_over_http:
        return Part(True, _("A log pipeline on another host reads the log over HTTP."))
    if not settings.ES_URL:
        return Part(
            None, _("No log pipeline is needed: no Elasticsearch is configured (ES_URL, ES_HOST).")
        )
    if kept is None:
        return Part(None, _("Whether a log pipeline runs is unknown: the database is away."))
    if kept.running:
        return Part(
            True,
            ngettext("A log pipeline runs.", "%(count)s log pipelines run.", kept.running)
            % {"count": kept.running},
        )
    if kept.seen is None:
        sentence = _("No log pipeline runs, and none ever did: log entries wait.")
    else:
        sentence = _(
            "No log pipeline runs, the last sign of one was at %(seen)s UTC: log entries wait."
        ) % {"seen": time_in_words(kept.seen, now)}
    return Part(None if is_starting() else False, sentence)
