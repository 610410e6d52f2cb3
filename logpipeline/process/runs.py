"""The run's row in the database: for the admin, and for health checks of any process."""

import logging
import os
import re
import socket
from uuid import uuid4

from django.db import DatabaseError, close_old_connections, reset_queries
from django.utils import timezone

from logpipeline.delivery.counts import TOTALS, Counts
from logpipeline.models import PipelineRun

logger = logging.getLogger(__name__)


def consumer_name() -> str:
    """``host-pid-random``: no two processes share one, not even on machines named alike."""
    return f"{_host()}-{os.getpid()}-{uuid4().hex[:8]}"


def consumers_here() -> str:
    """A regular expression for the names of this host's, not of one whose name begins alike."""
    return rf"^{re.escape(_host())}-\d+-[0-9a-f]{{8}}$"


def _host() -> str:
    return socket.gethostname()[:100]


class RunRecord:
    """A database that is away costs the row, never a transaction: nothing here raises."""

    def __init__(self, consumer: str, source: str, mode: str) -> None:
        self._run = PipelineRun(consumer=consumer, source=source, mode=mode)
        self._failed = False

    def save(self, counts: Counts, last_error: str) -> None:
        """A sign of life with the numbers of now."""
        for name in TOTALS:
            setattr(self._run, name, counts[name])
        self._run.last_error = last_error
        self._run.seen = timezone.now()
        try:
            close_old_connections()
            # With DEBUG, Django keeps every statement, and an original in it.
            reset_queries()
            self._run.save()
            self._failed = False
        except DatabaseError as error:
            if not self._failed:
                self._failed = True
                logger.warning("The run cannot be recorded now: %s.", type(error).__name__)

    def end(self, counts: Counts, last_error: str, exit_code: int) -> None:
        self._run.ended = timezone.now()
        self._run.exit_code = exit_code
        self.save(counts, last_error)
