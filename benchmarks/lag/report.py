"""The section ``lag`` of ``docs/performance.md``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.document import as_typed, environment_line
from benchmarks.lag.ledger import EXPECTED
from benchmarks.lag.searcher import LOOK_EVERY_S
from benchmarks.lag.traffic import ROWS
from tools.elasticsearch import node

TARGET_S: Final = 2.0
_PERCENTILES: Final = (50, 95, 99, 100)
_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Round:
    """``lags``: seconds, by the kind of transaction. ``busy``: of all cores, 0 to 1."""

    lags: dict[str, list[float]]
    busy: float

    def all_lags(self) -> list[float]:
        return [lag for lags in self.lags.values() for lag in lags]


def markdown(rounds: Sequence[Round], seconds: float, rate: float) -> str:
    lags = {kind: [lag for each in rounds for lag in each.lags[kind]] for kind in EXPECTED}
    everything = [lag for each in rounds for lag in each.all_lags()]
    rows = "\n".join(_row(*each) for each in [*lags.items(), (_ALL, everything)])
    p95 = [float(np.percentile(each.all_lags(), 95)) for each in rounds]
    reached = "under" if max(p95) < TARGET_S else "not under"
    busy = np.mean([each.busy for each in rounds])
    return f"""\
`{as_typed("bench-lag")}`. {environment_line()}

Everything that `make run` starts, and the real Elasticsearch {node.VERSION}, on one machine.
{rate:g} requests a second arrive at random for {seconds:g} s, one of them a batch of {ROWS} rows.
Rounds: {len(rounds)}, after a warm-up that makes the day's indices. A client searches every
{LOOK_EVERY_S * 1000:g} ms. The lag of a transaction is from its answer, as its client has read it,
to the moment its last document was found; in it are the refresh of the indices, which comes once
a second, and the client's own interval. The run counts only if every transaction that was
answered is found in each of its indices.

| transactions | count | p50 s | p95 | p99 | most |
|---|---|---|---|---|---|
{rows}

All {len(everything):,} transactions were found. The p95 of the rounds is {_range(p95)} s, {reached}
the target of {TARGET_S:g} s. The machine was {busy:.0%} busy.
"""


def _row(kind: str, lags: Sequence[float]) -> str:
    times = " | ".join(f"{value:.2f}" for value in np.percentile(lags, _PERCENTILES))
    return f"| {kind} | {len(lags):,} | {times} |"


def _range(values: Sequence[float]) -> str:
    least, most = f"{min(values):.2f}", f"{max(values):.2f}"
    return least if least == most else f"{least} to {most}"
