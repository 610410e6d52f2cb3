"""What cannot be indexed waits in the Django database: no outage of Elasticsearch reaches it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from logpipeline.models import DeadLetter

# SQLite takes so many values in one statement, and a row has eleven.
_ROWS: Final = 90
_MOST_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Letter:
    """``index`` is an alias, or blank for a whole entry; ``original`` is health data."""

    stream_id: str
    transaction_id: str
    index: str
    original: bytes
    reason: str
    field: str = ""

    @property
    def key(self) -> str:
        """The identity: a letter that fails again is the same one, from whichever process."""
        if not self.transaction_id:
            return _storable(f"stream/{self.stream_id}")
        return _storable(f"{self.index or 'entry'}/{self.transaction_id}")


def store(letters: Sequence[Letter]) -> int:
    """Returns how many are new; one that is known counts a try more, and keeps its original.

    All of them, or none and a ``django.db.DatabaseError``.
    """
    if not letters:
        return 0
    tries = Counter(letter.key for letter in letters)
    last = {letter.key: letter for letter in letters}
    with transaction.atomic():
        # In one order everywhere: two processes cannot each wait for the other's rows.
        return sum(_store(keys, last, tries) for keys in _parts(sorted(last)))


def _store(keys: list[str], letters: Mapping[str, Letter], tries: Mapping[str, int]) -> int:
    now = timezone.now()
    # The row of a known key is locked by this, so that nobody can settle it before the commit.
    DeadLetter.objects.bulk_create(
        [
            DeadLetter(
                key=key,
                stream_id=_storable(letters[key].stream_id)[:64],
                transaction_id=_storable(letters[key].transaction_id)[:128],
                index=letters[key].index,
                reason=_storable(letters[key].reason)[:100],
                field=_storable(letters[key].field)[:200],
                first_at=now,
                last_at=now,
                original=letters[key].original,
            )
            for key in keys
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["last_at", "reason", "field", "queued"],
    )
    stored = DeadLetter.objects.filter(key__in=keys)
    new = stored.filter(tries=0).count()
    same = defaultdict(list)
    for key in keys:
        same[tries[key]].append(key)
    for count, counted in same.items():
        DeadLetter.objects.filter(key__in=counted).update(tries=F("tries") + count)
    return new


def queue(letters: QuerySet[DeadLetter]) -> int:
    """They will be sent again, under the same identity. Returns how many they are."""
    return letters.update(queued=True)


def queued(limit: int) -> list[Letter]:
    """The oldest of those that wait to be sent again, about 4 MB of them at most."""
    waiting = DeadLetter.objects.filter(queued=True).order_by("id")
    chosen, size = [], 0
    for identity, length in waiting.values_list("id", Length("original"))[:limit]:
        chosen.append(identity)
        size += length
        if size >= _MOST_BYTES:
            break
    return [
        Letter(
            stream_id=row.stream_id,
            transaction_id=row.transaction_id,
            index=row.index,
            # PostgreSQL's driver may give a memoryview.
            original=bytes(row.original),
            reason=row.reason,
            field=row.field,
        )
        for row in waiting.filter(id__in=chosen)
    ]


def mark_queued(keys: Iterable[str], *, queued: bool) -> None:
    """Where there is such a letter."""
    with transaction.atomic():
        for part in _parts(sorted(set(keys))):
            DeadLetter.objects.filter(key__in=part).update(queued=queued)


def settle(keys: Iterable[str]) -> int:
    """Forgets those that a replay brought to where they belong. Returns how many there were.

    All of them, or none and a ``django.db.DatabaseError``.
    """
    with transaction.atomic():
        return sum(
            DeadLetter.objects.filter(key__in=part).delete()[0]
            for part in _parts(sorted(set(keys)))
        )


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _ROWS):
        yield keys[start : start + _ROWS]


def _storable(text: str) -> str:
    """PostgreSQL refuses NUL, and neither database takes half a surrogate pair."""
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
