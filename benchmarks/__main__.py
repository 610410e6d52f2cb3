"""``python -m benchmarks``: POST /predict beside a bare FastAPI service with the same model.

One client, one worker each, connections kept; the services take turns in every round, so
that a busy moment of the machine hits all of them. Before that, the answers are compared;
after it, every answer must stand in Redis.
"""

import argparse
import platform
import statistics
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Final

import redis

from benchmarks.client import Client
from benchmarks.services import Service, running
from heartrisk_site.redis_url import embedded_url
from predictions.features import EXAMPLE
from predictions.log.transaction_log import STREAM_KEY

_WARM_UP: Final = 100
_SAME: Final = 1e-12
_LOGGED_WITHIN_S: Final = 20
_PACKAGES: Final = ("django", "granian", "gunicorn", "fastapi", "uvicorn", "scikit-learn")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=1000, help="of each service in each round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="heartrisk-") as folder:
        var_dir = Path(folder)
        with running(var_dir) as services:
            compare_answers(services)
            times = measure(services, options.rounds, options.requests)
            sent = 1 + options.rounds * (_WARM_UP + options.requests)
            check_log(var_dir, expected=sent * sum(service.logs for service in services))
    sys.stdout.write(report(times))


def compare_answers(services: list[Service]) -> None:
    """All must say the same, or the times mean nothing."""
    answers = {}
    for service in services:
        with Client(service.port, "/predict", EXAMPLE) as client:
            answers[service.name] = client.ask()["probability"]
    if max(answers.values()) - min(answers.values()) > _SAME:
        raise SystemExit(f"the services disagree: {answers}")


def measure(services: list[Service], rounds: int, requests: int) -> dict[str, list[list[float]]]:
    """Milliseconds: of each service, of each round, of each request."""
    times: dict[str, list[list[float]]] = {service.name: [] for service in services}
    for number in range(rounds):
        # Nobody is always the first.
        turn = number % len(services)
        for service in services[turn:] + services[:turn]:
            # Anew in each round: the servers close a connection that rests for seconds.
            with Client(service.port, "/predict", EXAMPLE) as client:
                client.time(_WARM_UP)
                times[service.name].append(client.time(requests))
    return times


def check_log(var_dir: Path, expected: int) -> None:
    """What Redis did not take in time waits in the spool, which its timer brings soon."""
    deadline = time.monotonic() + _LOGGED_WITHIN_S
    with redis.Redis.from_url(embedded_url(var_dir)) as client:
        while (logged := int(str(client.xlen(STREAM_KEY)))) != expected:
            if time.monotonic() > deadline:
                raise SystemExit(f"{expected} requests were sent, {logged} stand in Redis")
            time.sleep(0.2)
    sys.stdout.write(f"all {logged} logged requests stand in Redis\n\n")


def report(times: dict[str, list[list[float]]]) -> str:
    """A Markdown table; the ratio is to the last service, the bare one."""
    base = statistics.median(map(statistics.median, list(times.values())[-1]))
    lines = [
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "",
        "| service | p50 ms | least to most of the rounds | p99 ms | p50 to bare FastAPI |",
        "|---|---|---|---|---|",
    ]
    for name, rounds in times.items():
        medians = [statistics.median(each) for each in rounds]
        p50, spread = statistics.median(medians), f"{min(medians):.2f} to {max(medians):.2f}"
        p99 = statistics.median(statistics.quantiles(each, n=100)[98] for each in rounds)
        lines.append(f"| {name} | {p50:.2f} | {spread} | {p99:.2f} | {p50 / base:.2f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
