"""What a run has done, by number: nothing disappears without one.

``units`` are documents: one transaction for one index. ``units = indexed + duplicates +
dead documents`` holds at rest, and ``read = acknowledged``.
"""

from collections import Counter
from typing import Final

# As in ``PipelineRun``.
TOTALS: Final = (
    "read",
    "transactions",
    "indexed",
    "duplicates",
    "filtered",
    "dead",
    "retried",
    "lost",
)


class Counts(Counter[str]):
    """Totals by their names, parts by ``total:part`` (an index, a rule, a reason)."""

    def add_parts(self, total: str, parts: Counter[str]) -> None:
        self[total] += parts.total()
        for part, count in parts.items():
            self[f"{total}:{part}"] += count

    def parts(self, total: str) -> dict[str, int]:
        """By part, without the total."""
        start = f"{total}:"
        return {
            name.removeprefix(start): count
            for name, count in sorted(self.items())
            if name.startswith(start)
        }
