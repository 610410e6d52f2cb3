"""Since when a part is away, as this process has noticed it."""

import threading
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from monitoring.sources.parts.part import Part


def time_in_words(at: datetime, now: datetime) -> str:
    """The time of day, with the day where it is another one; UTC."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"


class AwaySince:
    """One part's. Threads may use it at once."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._lock = threading.Lock()

    def told(self, part: Part, now: datetime) -> Part:
        """The part, with the time where it does not work."""
        with self._lock:
            if part.ok is not False:
                self._since = None
                return part
            since = self._since = min(self._since or now, now)
        sentence = _("%(what)s Noticed at %(since)s UTC.") % {
            "what": part.sentence,
            "since": time_in_words(since, now),
        }
        return Part(False, sentence)
