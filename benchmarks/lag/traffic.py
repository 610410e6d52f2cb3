"""What the site is asked while the lag is measured: requests at random, a batch each second."""

import heapq
import random
from collections.abc import Iterator
from typing import Any, Final

import orjson

from benchmarks.lag.ledger import BATCH, ROW, SINGLE, Ledger
from benchmarks.open_loop import Exchange, Planned, http_request, poisson
from predictions.features import EXAMPLE

ROWS: Final = 100
_BATCH_PATH: Final = "/predict_batch"
_ID_HEADER: Final = b"x-transaction-id:"


def planned(rate: float, seconds: float) -> Iterator[Planned]:
    """``rate`` requests a second, one of them a batch of 100 rows."""
    chance = random.Random(1)
    batches = (number + 0.5 for number in range(int(seconds)))
    batch = http_request("POST", _BATCH_PATH, orjson.dumps({"instances": _people(chance, ROWS)}))
    (person,) = _people(chance, 1)
    single = http_request("POST", "/predict", orjson.dumps(person))
    return heapq.merge(
        (Planned(at, single) for at in poisson(rate - 1, seconds, seed=1)),
        (Planned(at, batch) for at in batches),
        key=lambda planned: planned.at,
    )


def _people(chance: random.Random, count: int) -> list[dict[str, Any]]:
    return [{**EXAMPLE, "AGE": chance.randint(32, 70)} for _ in range(count)]


def write_down(exchange: Exchange, ledger: Ledger) -> None:
    """The transactions of an answer: one, or a batch's summary and its rows."""
    head = exchange.head
    begins = head.lower().index(_ID_HEADER) + len(_ID_HEADER)
    identity = head[begins:].partition(b"\r\n")[0].strip().decode()
    times = exchange.answered, exchange.sent
    if _BATCH_PATH.encode() not in exchange.request[:40]:
        ledger.answered(identity, SINGLE, *times)
        return
    ledger.answered(identity, BATCH, *times)
    for row in orjson.loads(exchange.body)["results"]:
        ledger.answered(row["transaction_id"], ROW, *times)
