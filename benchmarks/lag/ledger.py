"""Which transactions were answered when, and when the last document of each could be found."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

# Kind of transaction -> the indices that hold a document of it (LOG_PIPELINE_RULES).
EXPECTED: Final = {
    "single request": ("ml-api-logs", "ml-api-message", "ml-api-perfs"),
    "row of a batch": ("ml-api-logs", "ml-api-message"),
    "batch, its summary": ("ml-api-logs", "ml-api-perfs"),
}
SINGLE, ROW, BATCH = EXPECTED

# Index alias and transaction id.
Document = tuple[str, str]


@dataclass(slots=True)
class Transaction:
    """Seconds on ``time.monotonic``'s clock. ``missing``: where it has not been found yet."""

    kind: str
    answered: float
    missing: set[str] = field(default_factory=set)
    searchable: float = 0.0

    @property
    def lag(self) -> float:
        """From the answer to the last document; 0 where that was quicker than the answer."""
        return max(0.0, self.searchable - self.answered)


class Ledger:
    """One thread says what was answered, another one what was found."""

    def __init__(self) -> None:
        self.transactions: dict[str, Transaction] = {}
        # Those that lack a document, with the Unix time before which none of theirs can be.
        self._open: dict[str, float] = {}
        # Found before the answer was read.
        self._early: dict[Document, float] = {}
        self._lock = threading.Lock()

    def answered(self, identity: str, kind: str, at: float, sent: float) -> None:
        """``at`` and ``sent``: seconds on ``time.monotonic``'s clock."""
        transaction = Transaction(kind, at, set(EXPECTED[kind]))
        with self._lock:
            self.transactions[identity] = transaction
            self._open[identity] = time.time() - (time.monotonic() - sent)
            for alias in EXPECTED[kind]:
                if (found := self._early.pop((alias, identity), None)) is not None:
                    self._found(identity, transaction, alias, found)

    def found(self, documents: Iterable[Document], at: float) -> None:
        """Repetitions are welcome: the first time counts."""
        with self._lock:
            for alias, identity in documents:
                transaction = self.transactions.get(identity)
                if transaction is None:
                    self._early.setdefault((alias, identity), at)
                else:
                    self._found(identity, transaction, alias, at)

    def _found(self, identity: str, transaction: Transaction, alias: str, at: float) -> None:
        if alias in transaction.missing:
            transaction.missing.remove(alias)
            transaction.searchable = max(transaction.searchable, at)
            if not transaction.missing:
                del self._open[identity]

    def start_anew(self) -> None:
        """Forget what has ended: what comes now is measured, and that was not."""
        with self._lock:
            self.transactions = {each: self.transactions[each] for each in self._open}

    def missing(self) -> list[str]:
        """The ids of those that lack a document."""
        with self._lock:
            return list(self._open)

    def nothing_before(self) -> float:
        """Unix time: whatever is older has been found."""
        with self._lock:
            return min(self._open.values(), default=time.time() - 1.0)
