"""Reads the window in Redis, newest first, no further back than is asked for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from monitoring.period import milliseconds
from monitoring.sources.away import SourceAwayError
from monitoring.sources.entries import time_of
from predictions.log.process import get_log_process
from predictions.log.reader import LogUnavailableError

# How many are read between two looks at how far back that is.
_PAGE: Final = 500
# Workers' clocks and pushes overlap, so that an older entry may stand before a newer one.
_OVERLAP_MS: Final = 60_000


def window_entries(since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """All that the window holds of the time from ``since`` on, and some before, newest first.

    Read piece by piece, as far as they are asked for. Raises ``SourceAwayError``.
    """
    if not settings.LOG_TO_REDIS:
        raise SourceAwayError(_("Transactions are not logged here (LOG_TO_REDIS is off)."))
    reader = get_log_process().reader
    try:
        for number, entry in enumerate(reader.entries(), start=1):
            yield entry
            if since is not None and number % _PAGE == 0 and _is_before(entry, since):
                return
    except LogUnavailableError:
        raise SourceAwayError(_("Redis does not answer.")) from None


def _is_before(entry: dict[str, Any], since: datetime) -> bool:
    at = time_of(entry)
    return at is not None and at < milliseconds(since) - _OVERLAP_MS
