"""The stream's backlog, from none to a million entries: what gets slower with it?"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson
import redis

from benchmarks.growth.fill import fill_stream
from benchmarks.growth.progress import say
from benchmarks.growth.timing import median_of_answers, median_of_calls
from benchmarks.open_loop import http_request
from benchmarks.services import process, wait_until
from benchmarks.world import World
from monitoring.sources.parts.stream import ask_redis
from monitoring.sources.state import system_state
from predictions.features import EXAMPLE
from predictions.log.transaction_log import STREAM_KEY

SIZES: Final = (0, 10_000, 30_000, 100_000, 300_000, 1_000_000)
PREDICT: Final = "POST /predict"
_HEALTH: Final = "GET /health"
_STATE: Final = "state of the system"
_LAG: Final = "lag, of that"
ASKED: Final = (PREDICT, _HEALTH, _STATE, _LAG)
# Of a slice, what the pipeline takes before its rate counts.
_WARM_UP: Final = 0.25
_LOOK_EVERY_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class BacklogStep:
    """``p50_ms``: by what was asked. ``entries_a_second``: of the pipeline, where it was run."""

    size: int
    p50_ms: dict[str, float]
    entries_a_second: float | None


def measure(
    world: World, port: int, sizes: Sequence[int], *, slice_of: int, warm_up: int, most: int
) -> list[BacklogStep]:
    """``port``: of the site. ``most``: requests of each kind at each size.

    ``slice_of``: how many entries the pipeline takes from each backlog that is larger,
    ``warm_up``: before all of them.
    """
    found: list[BacklogStep] = []
    with world.redis() as client:
        client.flushall()
        if warm_up:
            # So that Elasticsearch's Java is as warm at the first as at the last.
            fill_stream(client, warm_up, seed=1)
            _entries_a_second(world, client, warm_up)
        for number, size in enumerate(sizes, start=2):
            fill_stream(client, max(0, size - _length(client)), seed=number)
            times = _times(client, port, most)
            rate = _entries_a_second(world, client, slice_of) if size > slice_of else None
            found.append(BacklogStep(size, times, rate))
            say(f"backlog of {size:,}", times)
    return found


def _times(client: redis.Redis, port: int, most: int) -> dict[str, float]:
    state, length = system_state(datetime.now(UTC)), _length(client)
    if state.unread != length:
        raise SystemExit(f"{state.unread} entries are said to wait, of {length} that do")
    predict = http_request("POST", "/predict", orjson.dumps(EXAMPLE))
    median_of_answers(port, predict, most)
    return {
        PREDICT: median_of_answers(port, predict, most),
        _HEALTH: median_of_answers(port, http_request("GET", "/health"), most),
        _STATE: median_of_calls(lambda: system_state(datetime.now(UTC)), most),
        _LAG: median_of_calls(lambda: ask_redis(datetime.now(UTC)), most),
    }


def _entries_a_second(world: World, client: redis.Redis, count: int) -> float:
    """Of the real command, from reading to the acknowledgement of ``count`` entries."""
    length = _length(client)
    command = [sys.executable, "manage.py", "run_log_pipeline", "--continuous", "--verbosity", "0"]
    with process(command, dict(world.environment)):
        began, first = _when_shorter(client, length - int(_WARM_UP * count))
        ended, last = _when_shorter(client, length - count)
    if first == last:
        raise SystemExit(f"{count} entries are too few to see the pipeline take them")
    return (first - last) / (ended - began)


def _when_shorter(client: redis.Redis, length: int) -> tuple[float, int]:
    """When, and how long the stream was then. What was acknowledged has left it."""
    wait_until(lambda: _length(client) <= length, look_every=_LOOK_EVERY_S)
    return time.perf_counter(), _length(client)


def _length(client: redis.Redis) -> int:
    return int(str(client.xlen(STREAM_KEY)))
