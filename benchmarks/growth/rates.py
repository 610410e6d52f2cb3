"""Latency against requests a second, one worker each, from an idle service to a saturated one."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray

from benchmarks.growth.fill import transactions_in
from benchmarks.growth.progress import say
from benchmarks.open_loop import Exchange, Planned, http_request, poisson, run
from benchmarks.services import wait_until
from benchmarks.world import World
from predictions.features import EXAMPLE

OURS: Final = "heartrisk"
BARE: Final = "bare FastAPI"
PERCENTILES: Final = (50, 95, 99)
RATES: Final = (50, 100, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000, 2250, 2500)
# What came in while the step lasted and was not answered by its end is a queue that grows.
_KEEPS_UP: Final = 0.98
_ALLOWED_S: Final = 0.05
_WARM_UP: Final = 300
_LOGGED_WITHIN_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Step:
    """One service at one rate. Latencies in ms from the scheduled time, by percentile.

    ``answered``: a second, while requests came in. ``late_ms``: how late the client itself
    was, p99; ``client_ms``: its CPU time for one request.
    """

    service: str
    rate: int
    requests: int
    answered: float
    latency: Mapping[int, float]
    late_ms: float
    client_ms: float

    @property
    def saturated(self) -> bool:
        return self.answered < _KEEPS_UP * self.rate


def measure(
    world: World, port: int, rates: Sequence[int], seconds: float, rounds: int
) -> dict[str, list[Step]]:
    """By service; each up to the first rate it does not keep up with. They take turns.

    ``port``: of the site. ``seconds``: of each rate, in each round.
    """
    found: dict[str, list[Step]] = {OURS: [], BARE: []}
    body = orjson.dumps(EXAMPLE)
    request = http_request("POST", "/predict", body)
    with world.bare() as bare:
        ports = {OURS: port, BARE: bare}
        for each in ports.values():
            run(each, [Planned(0.0, request)] * _WARM_UP)
        for rate in rates:
            for service, steps in found.items():
                if not steps or not steps[-1].saturated:
                    steps.append(_step(service, ports[service], request, rate, seconds, rounds))
                    say(f"{service} at {rate:,}/s", {"p50": steps[-1].latency[50]})
        _check_log(world, _WARM_UP + sum(step.requests for step in found[OURS]))
    return found


def _step(service: str, port: int, request: bytes, rate: int, seconds: float, rounds: int) -> Step:
    exchanges: list[Exchange] = []
    answered, cpu = 0.0, 0.0
    for number in range(rounds):
        plan = [Planned(at, request) for at in poisson(rate, seconds, seed=number)]
        began = time.process_time()
        found = run(port, plan)
        cpu += time.process_time() - began
        # As many as should have come in: chance made them more or fewer.
        ended = found[0].scheduled - plan[0].at + seconds + _ALLOWED_S
        answered += sum(each.answered <= ended for each in found) / len(plan)
        exchanges += found
    return Step(
        service,
        rate,
        len(exchanges),
        rate * answered / rounds,
        _percentiles(np.array([each.latency for each in exchanges])),
        float(np.percentile([each.noticed - each.scheduled for each in exchanges], 99)) * 1000,
        cpu / len(exchanges) * 1000,
    )


def _percentiles(seconds: NDArray[np.float64]) -> dict[int, float]:
    found = np.percentile(seconds * 1000, PERCENTILES)
    return dict(zip(PERCENTILES, map(float, found), strict=True))


def _check_log(world: World, expected: int) -> None:
    """What is in the spool before the answer is in Redis soon after it.

    An entry may stand there twice where only Redis' answer came too late.
    """
    with world.redis() as client:
        try:
            wait_until(lambda: len(transactions_in(client)) == expected, within=_LOGGED_WITHIN_S)
        except TimeoutError:
            logged = len(transactions_in(client))
            raise SystemExit(f"{expected} requests were sent, {logged} stand in Redis") from None
