"""Entries for a moody world, and where each of their transactions must end."""

from collections.abc import Iterator
from typing import Final

import orjson

from logpipeline.documents.mappings import INDICES
from logpipeline.models import DeadLetter
from tests.faults.pipeline import ids, predictions
from tests.logpipeline.moody.elasticsearch import Key
from tests.logpipeline.rules.samples import drop, route
from tests.predictions.logs import line

LOGS, MESSAGE, PERFS = INDICES
RULES: Final = [
    drop("unwanted", {"path": "/unwanted"}),
    route(LOGS),
    route(MESSAGE, {"has": ["result"]}),
    route(PERFS, {"has": ["performance_metrics"]}),
]
# Kind of entry -> the indices of its transactions.
ROUTES: Final = {
    "prediction": (LOGS, MESSAGE, PERFS),
    "request": (LOGS,),
    "rows": (LOGS, MESSAGE),
    "unwanted": (),
    "undecodable": (),
}
_DAY: Final = "2026.11.23"


def line_of(kind: str, number: int) -> bytes:
    """The ids of its transactions hold the number: they must not depend on chance."""
    if kind == "prediction":
        (made,) = predictions(1)
        return made.replace(ids([made])[0].encode(), f"prediction {number}".encode())
    if kind == "rows":
        rows = [
            {"transaction_id": f"row {number}.{row}", "result": {"prediction": 0}} for row in (1, 2)
        ]
        return line(batch_id="b", part=0, rows=rows)
    if kind == "undecodable":
        return b"\xff"
    return line(path=f"/{kind}", transaction_id=f"{kind} {number}")


def keys_of(kind: str, content: bytes) -> Iterator[Key]:
    if kind == "undecodable":
        return
    data = orjson.loads(content)["data"]
    for transaction in data.get("rows", [data]):
        for alias in ROUTES[kind]:
            yield f"{alias}-{_DAY}", transaction["transaction_id"]


def dead_keys() -> set[Key]:
    """Those of documents; one of a whole entry has no index, and the stream id."""
    rows = DeadLetter.objects.values_list("index", "transaction_id", "stream_id")
    return {
        (f"{index}-{_DAY}", transaction) if index else ("", stream_id)
        for index, transaction, stream_id in rows
    }
