"""The predictions of a period, as drift is measured on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitoring.period import Period, milliseconds
from monitoring.sources import history, window
from monitoring.sources.away import SourceAwayError
from monitoring.sources.entries import time_of
from monitoring.sources.window_entries import window_entries
from predictions.features import NAMES

# As many as Elasticsearch gives at once.
MOST: Final = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """``inputs``: (n, 14), columns as in FEATURES, NaN where unknown; ``probability``: (n,).

    ``model_version`` of each row. ``total``: how many predictions the period has.
    """

    source: str
    inputs: NDArray[np.float64]
    probability: NDArray[np.float64]
    model_version: Sequence[str]
    total: int


def recent_predictions(period: Period, most: int) -> Sample:
    """All, or a random sample of ``most`` of them (10,000 at most), in no order.

    Elasticsearch's. Where it is away or has none: those of single requests in the window in
    Redis, which has no rows of batches. The same period gives the same sample as long as
    nothing is added. Raises ``SourceAwayError`` where neither answers.
    """
    most = min(most, MOST)
    try:
        stored = _of_indices(period, most)
    except SourceAwayError as away:
        return _of_window_or(period, most, away)
    if stored.total:
        return stored
    try:
        return _of_window(period, most)
    except SourceAwayError:
        return stored


def seed_of(period: Period) -> int:
    """Of the random choice."""
    return milliseconds(period.end)


def _of_indices(period: Period, most: int) -> Sample:
    history.require_elasticsearch()
    from monitoring.sources.indexed.predictions import predictions_of_indices

    total, found = predictions_of_indices(period, most, seed_of(period))
    return _sample(history.SOURCE, found, total)


def _of_window_or(period: Period, most: int, away: SourceAwayError) -> Sample:
    """Raises with both sentences."""
    try:
        return _of_window(period, most)
    except SourceAwayError as error:
        raise SourceAwayError(f"{error} {away}") from None


def _of_window(period: Period, most: int) -> Sample:
    start, end = milliseconds(period.start), milliseconds(period.end)
    found: dict[str, Mapping[str, Any]] = {}
    for entry in window_entries(period.start):
        at = time_of(entry)
        if at is not None and start <= at < end and is_single_prediction(entry["data"]):
            found.setdefault(str(entry["data"].get("transaction_id")), entry["data"])
    all_of_them = list(found.values())
    chosen: Iterable[Mapping[str, Any]] = all_of_them
    if len(all_of_them) > most:
        random = np.random.default_rng(seed_of(period))
        chosen = [all_of_them[n] for n in random.choice(len(all_of_them), most, replace=False)]
    return _sample(window.SOURCE, chosen, len(all_of_them))


def is_single_prediction(data: Mapping[str, Any]) -> bool:
    result = data.get("result")
    return (
        isinstance(data.get("input_data"), dict)
        and isinstance(result, dict)
        and isinstance(result.get("probability"), float | int)
    )


def _sample(source: str, found: Iterable[Mapping[str, Any]], total: int) -> Sample:
    """``found``: objects with ``input_data``, ``result`` and ``model_version``."""
    rows = list(found)
    # None is NaN then.
    inputs = np.array(
        [[row["input_data"].get(name) for name in NAMES] for row in rows], dtype=np.float64
    )
    return Sample(
        source=source,
        inputs=inputs.reshape(len(rows), len(NAMES)),
        probability=np.array([row["result"]["probability"] for row in rows], dtype=np.float64),
        model_version=[row.get("model_version") or "" for row in rows],
        total=total,
    )
