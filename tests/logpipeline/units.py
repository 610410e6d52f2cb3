"""Units of real entries, for the tests of what is done with them."""

from collections.abc import Sequence

from logpipeline.delivery.preparation import Prepared, prepare
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.source import Delivery
from tests.logpipeline.rules.samples import EVERYTHING
from tests.predictions.logs import line


def prepared(
    *contents: bytes, prefix: str = "", rules: Sequence[object] = (EVERYTHING,)
) -> Prepared:
    """A batch of these, for ml-api-logs unless the rules say something else."""
    deliveries = [Delivery(f"{n}-0", f"{n}-0", content) for n, content in enumerate(contents)]
    return prepare(deliveries, compile_rules(list(rules)), prefix)


def batch_of(count: int, prefix: str = "") -> Prepared:
    return prepared(*[line(second) for second in range(count)], prefix=prefix)
