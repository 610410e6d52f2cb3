"""``python -m benchmarks.pipeline``: entries a second, beside two references on the same server.

A Valkey and an Elasticsearch of their own are started; the contenders take turns in every
round, each with new indices. The run counts only if every document is found afterwards.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import django
import httpx
import psutil
import redis

from benchmarks.document import as_typed, environment_line, put_section
from benchmarks.elasticsearch import elasticsearch
from benchmarks.pipeline.contenders import CONTENDERS
from benchmarks.pipeline.report import introduction, report
from benchmarks.services import ROOT, process, wait_until
from heartrisk_site.redis_url import embedded_url
from predictions.log.transaction_log import STREAM_FIELD, STREAM_KEY
from tools.clean_environment import clean_environment
from tools.elasticsearch import node
from tools.run import valkey

_WARM_UP: Final = 20_000
_PIECE: Final = 1000
_QUICK: Final = 300


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pipeline", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--only", choices=CONTENDERS, action="append")
    parser.add_argument("--quick", action="store_true", help="one small round, nothing is written")
    options = parser.parse_args()
    rounds, entries = options.rounds, options.entries
    if options.quick:
        rounds, entries = 1, min(entries, _QUICK)
    names = options.only or list(CONTENDERS)
    with tempfile.TemporaryDirectory(prefix="heartrisk-") as folder:
        table = report(measure(Path(folder), names, rounds, entries))
    sys.stdout.write(table)
    # Neither a smoke run nor a part may stand where the whole is looked for.
    if not (options.quick or options.only):
        text = introduction(
            command=as_typed("bench-pipeline"),
            elasticsearch=node.VERSION,
            entries=entries,
            rounds=rounds,
        )
        put_section("pipeline", f"{text}{table}\n{environment_line()}")


def measure(
    var_dir: Path, names: list[str], rounds: int, count: int
) -> dict[str, list[dict[str, Any]]]:
    """What each contender printed, in each round."""
    with ExitStack() as stack:
        environment, server = _services(stack, var_dir)
        os.environ.update(environment)
        django.setup()
        manage = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(manage, cwd=ROOT, env=environment, check=True)
        warm, file = _file(var_dir, min(_WARM_UP, count)), _file(var_dir, count)
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        for name in names:
            _run(name, warm, environment, server)
        for number in range(rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                found[name].append(_run(name, file, environment, server))
                _progress(name, found[name][-1])
        return found


def _services(stack: ExitStack, var_dir: Path) -> tuple[dict[str, str], psutil.Process]:
    """The environment of their clients, and Elasticsearch's process."""
    url, server = stack.enter_context(elasticsearch(var_dir))
    environment = clean_environment(VAR_DIR=str(var_dir), ES_URL=url)
    stack.enter_context(process(valkey.configure(var_dir), environment))
    wait_until(lambda: valkey.answers(var_dir))
    return environment, server


def _file(var_dir: Path, count: int) -> Path:
    from benchmarks.pipeline.entries import entries

    path = var_dir / f"entries-{count}.jsonl"
    path.write_bytes(b"\n".join(entries(count)) + b"\n")
    return path


def _run(
    name: str, file: Path, environment: Mapping[str, str], server: psutil.Process
) -> dict[str, Any]:
    """One contender, on an empty Redis and without any index."""
    url = environment["ES_URL"]
    _clear(url)
    with redis.Redis.from_url(embedded_url(Path(environment["VAR_DIR"]))) as client:
        client.flushall()
        if name == "pipeline":
            _fill(client, file)
    before = _cpu(server)
    command = [sys.executable, "-m", "benchmarks.pipeline.contenders", name, str(file)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    measured["server_cpu"] = _cpu(server) - before
    _check(url, measured)
    return measured


def _cpu(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(times.user + times.system)


def _fill(client: redis.Redis, file: Path) -> None:
    pipe = client.pipeline(transaction=False)
    with file.open("rb") as lines:
        for number, line in enumerate(lines):
            pipe.xadd(STREAM_KEY, {STREAM_FIELD: line.rstrip(b"\n")})
            if number % _PIECE == _PIECE - 1:
                pipe.execute()
    pipe.execute()


def _clear(url: str) -> None:
    names = httpx.get(f"{url}/_cat/indices/ml-api-*?h=index", timeout=60).text.split()
    for name in names:
        httpx.delete(f"{url}/{name}", timeout=60).raise_for_status()


def _check(url: str, measured: Mapping[str, Any]) -> None:
    """Every document must be there, or the time means nothing."""
    httpx.post(f"{url}/ml-api-*/_refresh", timeout=60).raise_for_status()
    found = httpx.get(f"{url}/ml-api-*/_count", timeout=60).json()["count"]
    if not found == measured["indexed"] == 3 * measured["read"]:
        raise SystemExit(f"{found} documents are there, of {measured['indexed']} sent")


def _progress(name: str, measured: Mapping[str, Any]) -> None:
    rate = measured["read"] / measured["seconds"]
    sys.stderr.write(f"{name}: {rate:,.0f} entries/s\n")


if __name__ == "__main__":
    main()
