"""Reads the window in Redis, newest first, no further back than is asked for."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from monitoring.period import milliseconds
from monitoring.sources.away import SourceAwayError
from monitoring.sources.entries import time_of
from predictions.log.process import get_log_process
from predictions.log.reader import LogUnavailableError

_PAGE: Final = 500
# Workers' clocks and pushes overlap, so that an older entry may stand before a newer one.
_OVERLAP_MS: Final = 60_000


def window_entries(since: datetime | None = None) -> list[dict[str, Any]]:
    """All that the window holds of the time from ``since`` on, and some before, newest first.

    Raises ``SourceAwayError``.
    """
    if not settings.LOG_TO_REDIS:
        raise SourceAwayError(_("Transactions are not logged here (LOG_TO_REDIS is off)."))
    reader = get_log_process().reader
    try:
        if since is None:
            return reader.all_entries()
        far_enough = milliseconds(since) - _OVERLAP_MS
        entries: list[dict[str, Any]] = []
        offset, total = 0, 1
        while offset < total:
            page = reader.window(_PAGE, offset)
            entries += page.entries
            offset, total = offset + _PAGE, page.total
            times = [at for entry in page.entries if (at := time_of(entry)) is not None]
            if times and times[-1] < far_enough:
                break
        return entries
    except LogUnavailableError:
        raise SourceAwayError(_("Redis does not answer.")) from None
