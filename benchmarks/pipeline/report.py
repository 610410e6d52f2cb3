"""The Markdown of `make bench-pipeline`."""

import statistics
from collections.abc import Mapping
from typing import Any, Final

# Of one process's run: read, seconds, indexed, cpu, server_cpu, rss.
Found = Mapping[str, list[dict[str, Any]]]

_INTRODUCTION: Final = """\
`{command}` starts a Valkey and the real Elasticsearch {elasticsearch} (1 GB heap), and lets the
contenders take turns over the same {entries:,} entries in each of {rounds} rounds, each entry a
prediction with three documents, each time with new indices. A run counts only if every document
is found afterwards.

- **pipeline**: everything, from the consumer group to the trim: rules, counters, dead letters.
- **ceiling**: the same documents, made before, sent by plain `es.bulk`, 1,000 entries a request.
- **ceiling, two under way**: the same with two requests at once, as the pipeline has them.
- **streaming_bulk**: elasticsearch-py's helper with the documents as dicts, from memory.

"""


def introduction(*, command: str, elasticsearch: str, entries: int, rounds: int) -> str:
    return _INTRODUCTION.format(
        command=command, elasticsearch=elasticsearch, entries=entries, rounds=rounds
    )


def report(found: Found) -> str:
    """A table: medians over the rounds, and shares of the ceiling taken within each round."""
    # The plain one, where it was measured.
    base = _rates(found["ceiling"] if "ceiling" in found else next(iter(found.values())))
    lines = [
        "| contender | entries/s | least to most | CPU ms an entry: its own | Elasticsearch's "
        "| of the ceiling | least to most |",
        "|---|---|---|---|---|---|---|",
        *(_row(name, runs, base) for name, runs in found.items()),
    ]
    for run in found.get("pipeline", []):
        if run["rss"]:
            early, late = run["rss"][len(run["rss"]) // 10], run["rss"][-1]
            lines.append(f"\nPipeline's RSS: {early / 1e6:.0f} MB early, {late / 1e6:.0f} MB late.")
    return "\n".join(lines) + "\n"


def _row(name: str, runs: list[dict[str, Any]], base: list[float]) -> str:
    rates = _rates(runs)
    shares = [rate / ceiling for rate, ceiling in zip(rates, base, strict=True)]
    cells = (
        name,
        f"{statistics.median(rates):,.0f}",
        f"{min(rates):,.0f} to {max(rates):,.0f}",
        _median_ms(runs, "cpu"),
        _median_ms(runs, "server_cpu"),
        f"{statistics.median(shares):.2f}",
        f"{min(shares):.2f} to {max(shares):.2f}",
    )
    return f"| {' | '.join(cells)} |"


def _rates(runs: list[dict[str, Any]]) -> list[float]:
    return [run["read"] / run["seconds"] for run in runs]


def _median_ms(runs: list[dict[str, Any]], key: str) -> str:
    return f"{statistics.median(run[key] / run['read'] for run in runs) * 1000:.3f}"
