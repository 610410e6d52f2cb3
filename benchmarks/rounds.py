"""The rounds: every service takes a turn in each, nobody is always the first."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from benchmarks.check import Log, probabilities, require_same
from benchmarks.load.load import Driver, Load, Refused
from benchmarks.results import Ran, Results, Turn
from benchmarks.services import Service

ONE: Final = 1
MANY: Final = 32
_WARM_UP_S: Final = 0.5
# Longer before the first round: a service's last worker may still be starting.
_FIRST_WARM_UP_S: Final = 2.0


def compare(services: Sequence[Service], log: Log) -> None:
    """Refused unless all answer the same and log what they must."""
    answers = {}
    for service in services:
        answers[_label(service)] = found = probabilities(service)
        log.take(service.contender, len(found))
    require_same(answers)


def measure(
    services: Sequence[Service], driver: Driver, log: Log, rounds: int, seconds: float
) -> Results:
    """Refused where a request failed or left no whole entry."""
    results: dict[Ran, list[Turn]] = {_ran(service): [] for service in services}
    for service in services:
        warm = driver.run(service.port, MANY, min(_FIRST_WARM_UP_S, seconds))
        log.take(service.contender, warm.sent)
    for number in range(rounds):
        first = number % len(services)
        for service in [*services[first:], *services[:first]]:
            turn = _turn(service, driver, log, seconds)
            log.take(service.contender, turn.sent)
            results[_ran(service)].append(turn)
            _progress(number, service, turn)
    return results


def _turn(service: Service, driver: Driver, log: Log, seconds: float) -> Turn:
    warm = driver.run(service.port, MANY, min(_WARM_UP_S, seconds))
    one, cpu_one = _measured(service, driver, log, ONE, seconds)
    many, cpu_many = _measured(service, driver, log, MANY, seconds)
    return Turn(
        p50_ms=one.p50_ms,
        p99_ms=one.p99_ms,
        rate=many.sent / many.seconds,
        cpu_ms_one_client=cpu_one / one.sent * 1000,
        cpu_ms=cpu_many / many.sent * 1000,
        worker_mb=service.worker_bytes() / 1e6,
        sent=warm.sent + one.sent + many.sent,
    )


def _measured(
    service: Service, driver: Driver, log: Log, clients: int, seconds: float
) -> tuple[Load, float]:
    """The run, and the seconds of CPU that it took of the service.

    It ends when Redis has what was logged: work put off is work that it took.
    """
    before = service.cpu_seconds()
    load = driver.run(service.port, clients, seconds)
    load = replace(load, seconds=load.seconds + log.delivered_within())
    after = service.cpu_seconds()
    if after.keys() != before.keys():
        raise Refused(f"a process of {_label(service)} ended or began while it was measured")
    return load, sum(after.values()) - sum(before.values())


def _ran(service: Service) -> Ran:
    return Ran(service.contender.key, service.workers)


def _label(service: Service) -> str:
    return f"{service.contender.name}, {service.workers} worker{'s' * (service.workers > 1)}"


def _progress(number: int, service: Service, turn: Turn) -> None:
    load, _, _ = os.getloadavg()
    sys.stderr.write(
        f"round {number + 1}: {_label(service)}: p50 {turn.p50_ms:.2f} ms, p99 {turn.p99_ms:.2f} ms"
        f", {turn.rate:,.0f} requests/s, CPU {turn.cpu_ms:.2f} ms (load average {load:.1f})\n"
    )
