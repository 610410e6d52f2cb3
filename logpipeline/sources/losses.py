"""Notices what the stream lost before the pipeline had it, and keeps it for the auditor."""

import logging
from collections.abc import Sequence

from django.db import DatabaseError, transaction

from logpipeline.models import LogLoss, StreamMark
from logpipeline.sources.stream_position import Position, as_numbers
from predictions.log.transaction_log import STREAM_KEY

logger = logging.getLogger(__name__)


class Losses:
    """One pipeline's. ``lost`` counts what it noticed since it began."""

    def __init__(self) -> None:
        self.lost = 0
        self._unwritten: list[LogLoss] = []
        # What was unread when we last looked, which is newer than the mark in the database.
        self._seen_unread: int | None = None
        self._seen_last_id = ""

    def check(self, position: Position, read: int) -> None:
        """Before ``read`` entries were read: was any cut away unread, by valve or by hand?"""
        self._seen(position, read)
        if cut := position.cut_unread():
            self._record(cut, "safety valve", position.last_delivered, "")

    def trimmed_while_pending(self, ids: Sequence[str]) -> None:
        if ids:
            self._record(len(ids), "trimmed while pending", ids[0], ids[-1])

    def remember(self, position: Position) -> None:
        """Keep what is in Redis only, should it be emptied. Raises ``DatabaseError``."""
        self._write()
        self._seen(position, 0)
        StreamMark.objects.update_or_create(
            key=STREAM_KEY,
            defaults={
                "entries_added": position.entries_added or 0,
                "last_id": position.last_id,
                "unacked": position.unread() + position.pending,
            },
        )

    def group_is_gone(self, first_id: str) -> None:
        """There was a group, as the mark shows, so Redis was emptied: what it alone had is lost.

        At least that: entries may have come since the last look. Raises ``DatabaseError``.
        Not so where ``first_id``, of the oldest entry there is, is older than the mark.
        """
        with transaction.atomic():
            mark = StreamMark.objects.filter(key=STREAM_KEY).first()
            if mark is None or _is_older(first_id, self._seen_last_id or mark.last_id):
                return
            # Of several pipelines that notice it one deletes the mark, and records it.
            if not mark.delete()[0]:
                return
            # What we have read is in our hands; what dead ones had read was in Redis only.
            lost = mark.unacked if self._seen_unread is None else self._seen_unread
            if lost:
                self._record(lost, "flush", "", mark.last_id)

    def _seen(self, position: Position, read: int) -> None:
        self._seen_unread = max(0, position.unread() - read)
        self._seen_last_id = position.last_id

    def _record(self, at_least: int, reason: str, first_id: str, last_id: str) -> None:
        self.lost += at_least
        logger.error("At least %d log entries were lost in Redis: %s.", at_least, reason)
        loss = LogLoss(at_least=at_least, reason=reason, first_id=first_id, last_id=last_id)
        self._unwritten.append(loss)
        try:
            self._write()
        except DatabaseError as error:
            logger.error("The loss will be recorded later: %s.", type(error).__name__)

    def _write(self) -> None:
        while self._unwritten:
            self._unwritten[0].save(force_insert=True)
            self._unwritten.pop(0)


def _is_older(identity: str, other: str) -> bool:
    """Or the same; never where there is none."""
    return bool(identity) and as_numbers(identity) <= as_numbers(other)
