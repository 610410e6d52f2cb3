"""POST /predict_batch beside the naive service, which take turns."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import redis

from benchmarks.batch.people import REFUSED_EVERY, body
from benchmarks.check import SAME
from benchmarks.contenders import EVERYTHING, on_uvicorn
from benchmarks.load.load import Refused
from benchmarks.services import Service, running, wait_until
from benchmarks.stream import entries_in
from heartrisk_site.redis_url import embedded_url
from predictions.log.entry import ids_in
from predictions.log.transaction_log import STREAM_KEY

NAIVE: Final = on_uvicorn("naive-batch", "FastAPI, the naive way", "benchmarks.batch.naive:app")
_PATH: Final = "/predict_batch"
_HEADERS: Final = {"Content-Type": "application/json", "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Batch:
    """One answered request: seconds, and seconds of CPU of all the service's processes."""

    seconds: float
    cpu: float
    answer: Mapping[str, Any]


def measure(var_dir: Path, rows: int, rounds: int) -> dict[str, list[Batch]]:
    """By the contender's key, in the order of the rounds. Raises ``Refused``."""
    content = body(rows)
    measured: dict[str, list[Batch]] = {EVERYTHING.key: [], NAIVE.key: []}
    with (
        running(var_dir, (EVERYTHING, NAIVE), [1]) as services,
        redis.Redis.from_url(embedded_url(var_dir)) as client,
    ):
        for number in range(-1, rounds):
            # The first round warms up and is checked like the others.
            batches = {each.contender.key: _ask(each, content) for each in services}
            _require_same(batches, rows)
            _require_logged(client, batches[EVERYTHING.key].answer)
            for key, batch in batches.items() if number >= 0 else ():
                measured[key].append(batch)
            services.reverse()
    return measured


def _ask(service: Service, content: bytes) -> Batch:
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    cpu = sum(service.cpu_seconds().values())
    began = time.perf_counter()
    connection.request("POST", _PATH, content, _HEADERS)
    response = connection.getresponse()
    answer = response.read()
    seconds = time.perf_counter() - began
    cpu = sum(service.cpu_seconds().values()) - cpu
    connection.close()
    if response.status != 200:
        raise Refused(f"{service.contender.name} answered {response.status}")
    return Batch(seconds, cpu, orjson.loads(answer))


def _require_same(batches: Mapping[str, Batch], rows: int) -> None:
    results = batches[EVERYTHING.key].answer["results"]
    naive = batches[NAIVE.key].answer["probabilities"]
    refused = sum("errors" in result for result in results)
    if len(results) != rows or refused != len(range(0, rows, REFUSED_EVERY)):
        raise Refused(f"{len(results)} of {rows} rows were answered, {refused} of them refused")
    for result, other in zip(results, naive, strict=True):
        if "errors" not in result and abs(result["probability"] - other) > SAME:
            raise Refused("the services do not answer the same probabilities")


def _require_logged(client: redis.Redis, answer: Mapping[str, Any]) -> None:
    """Each row's transaction is in the stream, be it by way of the spool; then it is emptied."""
    asked = {result["transaction_id"] for result in answer["results"]}
    try:
        wait_until(lambda: asked <= _logged(client))
    except TimeoutError:
        missing = len(asked - _logged(client))
        raise Refused(f"{missing} of {len(asked)} rows are not in the log") from None
    client.delete(STREAM_KEY)


def _logged(client: redis.Redis) -> set[str]:
    return {each for entry in entries_in(client) for each in ids_in(entry)}
