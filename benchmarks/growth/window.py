"""The window of latest transactions, from a few to very many: what gets slower with it?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

from benchmarks.growth.fill import fill_window
from benchmarks.growth.progress import say
from benchmarks.growth.timing import median_of_answers, median_of_calls
from benchmarks.open_loop import http_request
from benchmarks.world import World
from monitoring.period import Period
from monitoring.sources.window import read_window
from predictions.features import EXAMPLE
from predictions.log.transaction_log import LIST_KEY

SIZES: Final = (10, 100, 1000, 10_000, 100_000)
PREDICT: Final = "POST /predict"
_PAGE: Final = "GET /logs?limit=100"
_LEVEL: Final = "GET /logs?limit=100&level=WARNING"
_STATS: Final = "GET /logs/stats"
_OVERVIEW: Final = "/monitoring/, all of it"
_LATEST: Final = "/monitoring/, 15 minutes"
# In the order of a report.
ASKED: Final = (PREDICT, _PAGE, _LEVEL, _STATS, _LATEST, _OVERVIEW)


@dataclass(frozen=True, slots=True)
class WindowStep:
    """``p50_ms``: by what was asked."""

    size: int
    p50_ms: dict[str, float]


def measure(world: World, sizes: Sequence[int], token: str, most: int) -> list[WindowStep]:
    """``token``: a staff user's. ``most``: requests of each kind at each size."""
    return [_step(world, size, token, most) for size in sizes]


def _step(world: World, size: int, token: str, most: int) -> WindowStep:
    predict = http_request("POST", "/predict", orjson.dumps(EXAMPLE))
    with world.redis() as client, world.web(REDIS_LOGS_MAX_SIZE=str(size)) as port:
        client.flushall()
        fill_window(client, size)
        median_of_answers(port, predict, most)
        found = {PREDICT: median_of_answers(port, predict, most)}
        for what in (_PAGE, _LEVEL, _STATS):
            path = what.removeprefix("GET ")
            request = http_request("GET", path, b"", f"Authorization: Token {token}")
            found[what] = median_of_answers(port, request, most)
        if client.llen(LIST_KEY) != size:
            raise SystemExit(f"the window does not hold {size} entries")
        found[_LATEST] = median_of_calls(_reading(timedelta(minutes=15)), most)
        found[_OVERVIEW] = median_of_calls(_reading(timedelta(days=1)), most)
    say(f"window of {size:,}", found)
    return WindowStep(size, found)


def _reading(span: timedelta) -> Callable[[], object]:
    return lambda: read_window(Period.last(span, datetime.now(UTC)))
