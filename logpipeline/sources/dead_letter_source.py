"""The dead letters that were queued to be sent again, under the identity they have."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from django.db import DatabaseError

from logpipeline.dead_letters import mark_queued, queued, settle
from logpipeline.models import DeadLetter
from logpipeline.sources.source import Delivery


class DeadLetterSource:
    """One refused again stays, with a try more. Raises ``DatabaseError``.

    A letter leaves the queue when it is taken, and the table when it has arrived: one that
    kills its reader is not sent again by the next one, and is not lost.
    """

    name = "dead letters"
    most_in_flight = 1

    def __init__(self, batch_size: int) -> None:
        self._batch_size = batch_size
        self._in_hand: set[str] = set()

    def open(self) -> None:
        return

    def read(self, wait: float) -> list[Delivery]:
        letters = queued(self._batch_size)
        keys = [letter.key for letter in letters]
        mark_queued(keys, queued=False)
        self._in_hand.update(keys)
        return [
            Delivery(letter.key, letter.stream_id, letter.original, only=letter.index)
            for letter in letters
        ]

    def acknowledge(
        self, ids: Sequence[str], dead: Collection[str], counts: Mapping[str, int]
    ) -> None:
        settle(key for key in ids if key not in dead)
        self._in_hand.difference_update(ids)

    def survived(self, ids: Sequence[str]) -> None:
        return

    def keep_alive(self) -> None:
        return

    def backlog(self) -> int:
        return DeadLetter.objects.filter(queued=True).count()

    def drained(self) -> bool:
        return True

    def close(self) -> None:
        """What is under way is queued again."""
        with suppress(DatabaseError):
            mark_queued(self._in_hand, queued=True)
