"""A batch on its way: from the entries that were read to their acknowledgement."""

from collections import Counter
from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass, field

from logpipeline.delivery.bulk import Outcome
from logpipeline.delivery.counts import Counts
from logpipeline.delivery.preparation import Prepared, Unit
from logpipeline.sources.source import Source


@dataclass(slots=True)
class Flight:
    """``units`` have not ended yet; once there are none, letters are stored and ``ids`` acked."""

    source: Source
    prepared: Prepared
    counts: Counts
    units: list[Unit] = field(default_factory=list)
    sending: Future[Outcome] | None = None
    tries: int = 0
    not_before: float = 0.0
    started: float = 0.0
    survived: bool = False
    # Elasticsearch has not taken all of it at the last try.
    troubled: bool = False
    letters_stored: bool = False

    @classmethod
    def of(cls, source: Source, prepared: Prepared, now: float) -> "Flight":
        """With the counts of what ended before anything was sent."""
        counts = Counts(read=len(prepared.ids), transactions=prepared.transactions)
        counts.add_parts("filtered", prepared.filtered)
        return cls(source, prepared, counts, units=list(prepared.units), started=now)

    def take_in(self, outcome: Outcome, all_refused: Collection[str]) -> None:
        """The answer: what has not ended is left in ``units``.

        ``all_refused``: indices, by alias, where no document is at fault for its refusal.
        """
        self.sending = None
        for total, units in (("indexed", outcome.stored), ("duplicates", outcome.duplicates)):
            self.counts.add_parts(total, Counter(unit.alias for unit in units))
        self.units = list(outcome.again)
        for unit, letter in outcome.refused:
            if unit.alias in all_refused:
                self.units.append(unit)
            else:
                self.prepared.letters.append(letter)
        self.troubled = bool(self.units)

    @property
    def may_be_sent(self) -> bool:
        return self.sending is None and bool(self.units)

    @property
    def has_ended(self) -> bool:
        """Every unit is stored, a duplicate or a dead letter."""
        return self.sending is None and not self.units
