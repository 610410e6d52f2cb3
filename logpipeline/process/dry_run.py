"""What the pipeline would do with the entries that wait: nothing is taken, nothing is sent."""

from collections import Counter
from collections.abc import Iterable

from logpipeline.delivery.counts import Counts
from logpipeline.delivery.preparation import prepare
from logpipeline.rules.rules import Rules
from logpipeline.sources.source import Delivery


def dry_run(pages: Iterable[list[Delivery]], rules: Rules, prefix: str) -> Counts:
    """``indexed`` counts what would be sent; a duplicate shows only when it is."""
    counts = Counts()
    for deliveries in pages:
        prepared = prepare(deliveries, rules, prefix)
        counts["read"] += len(deliveries)
        counts["transactions"] += prepared.transactions
        counts.add_parts("indexed", Counter(unit.index for unit in prepared.units))
        counts.add_parts("filtered", prepared.filtered)
        counts.add_parts("dead", Counter(letter.reason for letter in prepared.letters))
    counts.add_parts("rule_errors", rules.errors)
    return counts
