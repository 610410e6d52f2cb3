"""What is measured, each in a process of its own: seconds for the entries of a file or of Redis.

``python -m benchmarks.pipeline.contenders NAME FILE`` prints one line of JSON.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import django
import orjson
import psutil

# As many entries in a request as the pipeline sends.
_BATCH: Final = 1000


def main(name: str, file: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartrisk_site.settings")
    django.setup()
    measured = CONTENDERS[name](Path(file))
    sys.stdout.write(orjson.dumps(measured).decode() + "\n")


def pipeline(_file: Path) -> dict[str, Any]:
    """Everything: consumer group, rules, dead letters, counters, acknowledgement, trim."""
    from django.conf import settings

    from logpipeline.delivery.options import Options
    from logpipeline.management.commands.run_log_pipeline import tune_the_interpreter
    from logpipeline.process.assembly import pipeline_of, redis_source
    from logpipeline.sources.losses import Losses

    rss: list[int] = []
    source = redis_source("benchmark", Losses(), settings.LOG_PIPELINE_BATCH_SIZE)
    options = Options(once=True, give_up_after=60)
    tune_the_interpreter()
    with pipeline_of(source, options, _BATCH, lambda _: rss.append(_resident())) as running:
        began, cpu = time.perf_counter(), time.process_time()
        running.run()
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {
        "seconds": seconds,
        "cpu": cpu,
        "read": running.counts["read"],
        "indexed": running.counts["indexed"],
        "rss": rss,
    }


def ceiling(file: Path, in_flight: int = 1) -> dict[str, Any]:
    """The same documents, made before, sent by plain ``bulk``: no less can be done."""
    client, batches = _client(), _made(file)
    # As the pipeline does at its start: templates first.
    with ThreadPoolExecutor(in_flight) as threads:
        began, cpu = time.perf_counter(), time.process_time()
        answers = list(threads.map(lambda body: client.bulk(operations=body), batches))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    if any(answer["errors"] for answer in answers):
        raise SystemExit("the ceiling met errors")
    indexed = sum(len(answer["items"]) for answer in answers)
    return {"seconds": seconds, "cpu": cpu, "read": indexed // 3, "indexed": indexed, "rss": []}


def ceiling_of_two(file: Path) -> dict[str, Any]:
    """The same with two requests under way, as the pipeline has them."""
    return ceiling(file, in_flight=2)


def streaming_bulk(file: Path) -> dict[str, Any]:
    """elasticsearch-py's helper with the same documents as dicts, from memory."""
    from elasticsearch.helpers import streaming_bulk as helper

    client = _client()
    actions = [_action(*pair) for body in _made(file) for pair in _pairs(body)]
    began, cpu = time.perf_counter(), time.process_time()
    indexed = sum(good for good, _ in helper(client, actions, chunk_size=_BATCH))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"seconds": seconds, "cpu": cpu, "read": indexed // 3, "indexed": indexed, "rss": []}


CONTENDERS: Final[dict[str, Callable[[Path], dict[str, Any]]]] = {
    "pipeline": pipeline,
    "ceiling": ceiling,
    "ceiling, two under way": ceiling_of_two,
    "streaming_bulk": streaming_bulk,
}


def _client() -> Any:
    """With the templates in place, as the pipeline has them."""
    from django.conf import settings

    from logpipeline.documents.indices import setup
    from logpipeline.elastic import get_client

    client = get_client()
    setup(client, settings.ES_INDEX_PREFIX, settings.ES_RETENTION_DAYS)
    return client


def _made(file: Path) -> list[bytes]:
    """The bodies that the pipeline would send."""
    from logpipeline.delivery.preparation import prepare
    from logpipeline.process.assembly import rules_of_settings
    from logpipeline.sources.source import Delivery

    rules = rules_of_settings()
    bodies = []
    for lines in _batches(file.read_bytes().splitlines()):
        deliveries = [Delivery("1-0", "1-0", line) for line in lines]
        prepared = prepare(deliveries, rules, os.environ.get("ES_INDEX_PREFIX", ""))
        bodies.append(b"".join(unit.operation for unit in prepared.units))
    return bodies


def _batches(lines: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for first in range(0, len(lines), _BATCH):
        yield lines[first : first + _BATCH]


def _pairs(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    lines = iter(body.splitlines())
    return zip(lines, lines, strict=True)


def _action(head: bytes, document: bytes) -> dict[str, Any]:
    where = orjson.loads(head)["create"]
    return {"_op_type": "create", **where, "_source": orjson.loads(document)}


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
