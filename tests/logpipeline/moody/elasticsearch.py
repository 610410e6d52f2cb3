"""An Elasticsearch that answers bulk requests as somebody chooses, and keeps what it took."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import Any, Final, ParamSpec, TypeVar

import orjson
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError, ConnectionTimeout
from elasticsearch import ConnectionError as ConnectionLost

P = ParamSpec("P")
T = TypeVar("T")
# Index and _id.
Key = tuple[str, str]
# One of the moods that it is given.
Choose = Callable[[Sequence[str]], str]
WELL: Final = "well"
REFUSED: Final = "refused"
EACH: Final = "each document for itself"
# Of a whole request. What is there twice is chosen more often; the first is a healthy server's.
REQUESTS: Final = (
    WELL,
    WELL,
    EACH,
    EACH,
    EACH,
    "lost on the way there",
    "lost on the way back",
    "429",
    "503",
    "401",
    "413",
)
# Of one document.
DOCUMENTS: Final[dict[str, tuple[int, str]]] = {
    WELL: (201, ""),
    "overloaded": (429, "es_rejected_execution_exception"),
    "shard away": (503, "unavailable_shards_exception"),
    REFUSED: (400, "document_parsing_exception"),
    "blocked": (403, "cluster_block_exception"),
    "no index": (404, "index_not_found_exception"),
}
_CONFLICT: Final = (409, "version_conflict_engine_exception")


class MoodyElasticsearch:
    """``choose`` picks one of the moods it is given; ``bulk`` is the client's method."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.stored: set[Key] = set()
        # At one try or another.
        self.refused: set[Key] = set()

    def bulk(self, *, operations: bytes, filter_path: object) -> dict[str, Any]:
        keys = list(_keys_in(operations))
        mood = self.choose(REQUESTS)
        if mood == "lost on the way there":
            raise ConnectionTimeout("timed out")
        if mood == "lost on the way back":
            self.stored.update(keys)
            raise ConnectionLost("reset")
        if mood.isdigit() and (mood != "413" or len(keys) > 1):
            raise _refusal(int(mood))
        moods = [self.choose((WELL, *DOCUMENTS)) if mood == EACH else WELL for _ in keys]
        items = [self._create(*each) for each in zip(keys, moods, strict=True)]
        return {"errors": any("error" in each["create"] for each in items), "items": items}

    def _create(self, key: Key, mood: str) -> dict[str, Any]:
        status, kind = DOCUMENTS[mood]
        if mood == WELL and key in self.stored:
            status, kind = _CONFLICT
        if mood == REFUSED:
            self.refused.add(key)
        if not kind:
            self.stored.add(key)
            return {"create": {"status": status}}
        return {"create": {"status": status, "error": {"type": kind, "reason": "so it is"}}}


class Later(Executor):
    """Runs nothing until it is told to; what was never told to run may run too late."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        self.waiting.append(lambda: future.set_result(fn(*args, **kwargs)))
        return future

    def run(self, number: int) -> None:
        self.waiting.pop(number)()


def _keys_in(operations: bytes) -> Iterator[Key]:
    """A line with the action, a line with the document, and so on."""
    lines = operations.splitlines()
    for action, document in zip(lines[::2], lines[1::2], strict=True):
        create = orjson.loads(action)["create"]
        assert isinstance(orjson.loads(document), dict)
        yield create["_index"], create["_id"]


def _refusal(status: int) -> ApiError:
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "moody", 9200))
    return ApiError("refused", meta, {"error": {"type": "some_exception"}, "status": status})
