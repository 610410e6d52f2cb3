"""Tells a bad document from a bad mapping: where all are refused, none is at fault."""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from logpipeline.delivery.preparation import Unit

# So many refusals, and more than what was stored: no coincidence any more.
LEAST_REFUSED: Final = 20

logger = logging.getLogger(__name__)


class Refusals:
    """A breaker for each index. Duplicates never count: they were stored once.

    While it is open, refused documents are neither dead letters nor acknowledged: an
    operator repairs the mapping, or adds a rule, and they are sent again.
    """

    def __init__(self) -> None:
        # Since the last document that was stored.
        self._in_a_row: defaultdict[str, int] = defaultdict(int)
        self._open: set[str] = set()

    @property
    def open(self) -> frozenset[str]:
        """The indices, by alias, whose documents are all refused."""
        return frozenset(self._open)

    def judge(self, stored: Sequence[Unit], refused: Sequence[Unit]) -> None:
        """Look at one answer. A document refused again says nothing new: others may be well."""
        good = Counter(unit.alias for unit in stored)
        bad = Counter(unit.alias for unit in refused if not unit.refused)
        for unit in refused:
            unit.refused = True
        for alias in good.keys() | bad.keys():
            self._in_a_row[alias] = bad[alias] + (0 if good[alias] else self._in_a_row[alias])
            if self._in_a_row[alias] >= LEAST_REFUSED and bad[alias] > good[alias]:
                self._open_for(alias)
            elif good[alias]:
                self._close_for(alias)

    def _open_for(self, alias: str) -> None:
        if alias not in self._open:
            self._open.add(alias)
            logger.error(
                "Elasticsearch refuses every document for %s: nothing is acknowledged until its "
                "mapping is repaired or a rule takes them out.",
                alias,
            )

    def _close_for(self, alias: str) -> None:
        if alias in self._open:
            self._open.discard(alias)
            logger.warning("Elasticsearch takes documents for %s again.", alias)
