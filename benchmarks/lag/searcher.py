"""A client that searches Elasticsearch all the time, and tells the ledger what it found when."""

import threading
import time
from types import TracebackType
from typing import Any, Final, Self

import httpx

from benchmarks.lag.ledger import Document, Ledger
from logpipeline.documents.names import INDEX_NAMES

# A lag is measured no finer than this.
LOOK_EVERY_S: Final = 0.05
_LOOK_ANYWAY_S: Final = 1.0
# The oldest first: what does not fit is found by the next look.
_MOST: Final = 10_000
# An index that is just being made cannot be searched.
_NOT_YET: Final = 503


class Searcher:
    """A thread, for as long as the block lasts. ``looks``: how often it has searched."""

    def __init__(self, url: str, prefix: str, ledger: Ledger) -> None:
        self.looks = 0
        self._prefix = prefix
        self._ledger = ledger
        self._client = httpx.Client(base_url=url, timeout=30)
        self._indices = ",".join(f"{prefix}{alias}" for alias in INDEX_NAMES)
        self._searchable = -1
        self._looked_at = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="searcher", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._client.close()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            # A count costs next to nothing, and changes when there is something new to find;
            # what was there before its answer had come is found by the look of each second.
            count, rested = self._count(), time.monotonic() - self._looked_at
            if count != self._searchable or rested > _LOOK_ANYWAY_S:
                self._searchable = count
                self._look()

    def _count(self) -> int:
        return int(self._ask("_count").get("count", 0))

    def _look(self) -> None:
        since = self._ledger.nothing_before()
        query = {
            "size": _MOST,
            "_source": False,
            "track_total_hits": False,
            "query": {"range": {"@timestamp": {"gte": int(since * 1000)}}},
            "sort": [{"@timestamp": "asc"}],
        }
        found = self._ask("_search", query, filter_path="hits.hits._id,hits.hits._index")
        at = time.monotonic()
        self._ledger.found(map(self._document, found.get("hits", {}).get("hits", ())), at)
        self._looked_at = at
        self.looks += 1

    def _ask(
        self, what: str, body: dict[str, Any] | None = None, **parameters: str
    ) -> dict[str, Any]:
        # Before the first document there is no index.
        parameters["ignore_unavailable"] = "true"
        answer = self._client.post(f"/{self._indices}/{what}", params=parameters, json=body)
        if answer.status_code == _NOT_YET:
            return {}
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def _document(self, hit: dict[str, str]) -> Document:
        alias, _, _ = hit["_index"].removeprefix(self._prefix).rpartition("-")
        return alias, hit["_id"]
