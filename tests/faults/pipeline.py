"""A real Valkey, a real Elasticsearch, and what a pipeline between them must have done."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import orjson

from logpipeline.sources.redis_source import COUNTERS_KEY
from logpipeline.sources.takeover import ALIVE_KEY
from predictions.features import EXAMPLE
from predictions.log.entry import as_json
from predictions.log.transaction_log import GROUP, STREAM_FIELD, STREAM_KEY
from tests.conftest import Valkey
from tests.environment import RUN_DIR
from tests.faults.process import PipelineProcess
from tests.predictions.logs import entry
from tools.elasticsearch.node import locked

ROOT = Path(__file__).resolve().parent.parent.parent
INDICES = ("ml-api-logs", "ml-api-message", "ml-api-perfs")
# What no log line and no reason may repeat.
SECRET = "a-value-of-somebody"


class Ends:
    """Both ends of a pipeline: the stream, and indices of its own in Elasticsearch."""

    def __init__(self, valkey: Valkey, es_url: str, prefix: str) -> None:
        self.valkey = valkey
        self.es_url = es_url
        self.prefix = prefix

    def add(self, lines: list[bytes]) -> list[str]:
        """Puts entries into the stream as the site does; their stream ids."""
        pipe = self.valkey.client().pipeline(transaction=False)
        for line in lines:
            pipe.xadd(STREAM_KEY, {STREAM_FIELD: line})
        return [identity.decode() for identity in pipe.execute()]

    def ids_in(self, alias: str) -> list[str]:
        """The _id of every document, sorted; twice where a document is there twice."""
        httpx.post(f"{self.es_url}/{self.prefix}{alias}*/_refresh", timeout=30)
        found: list[str] = []
        after: list[Any] = []
        while True:
            body: dict[str, Any] = {
                "size": 10_000,
                "_source": False,
                "sort": [
                    {_ID_FIELDS[alias]: {"order": "asc", "unmapped_type": "keyword"}},
                    {"_index": "asc"},
                ],
            }
            if after:
                body["search_after"] = after
            url = f"{self.es_url}/{self.prefix}{alias}*/_search?ignore_unavailable=true"
            hits = httpx.post(url, json=body, timeout=60).raise_for_status().json()["hits"]["hits"]
            if not hits:
                return found
            found += [hit["_id"] for hit in hits]
            after = hits[-1]["sort"]

    def at_rest(self) -> bool:
        """Nothing is pending, nothing unread, nothing left in the stream."""
        return (self.unacknowledged(), self.length()) == (0, 0)

    def unacknowledged(self) -> int:
        """Entries that pipelines have read, and hold."""
        pending: Any = self.valkey.client().xpending(STREAM_KEY, GROUP)
        return int(pending["pending"])

    def length(self) -> int:
        """Of the stream: entries that are not read, or not acknowledged."""
        length: Any = self.valkey.client().xlen(STREAM_KEY)
        return int(length)

    def pending(self) -> dict[str, int]:
        """Stream id -> how often it was given out."""
        found: Any = self.valkey.client().xpending_range(STREAM_KEY, GROUP, "-", "+", 10_000)
        return {each["message_id"].decode(): each["times_delivered"] for each in found}

    def alive(self) -> int:
        """How many pipelines say that they live."""
        return len(list(self.valkey.client().scan_iter(f"{ALIVE_KEY}*")))

    def counters(self) -> Counter[str]:
        """What all pipelines together have counted in Redis, with each acknowledgement."""
        found: Any = self.valkey.client().hgetall(COUNTERS_KEY)
        return Counter({name.decode(): int(count) for name, count in found.items()})


class World(Ends):
    """Where pipelines run as processes: also a database of their own."""

    def __init__(self, folder: Path, valkey: Valkey, es_url: str, prefix: str) -> None:
        super().__init__(valkey, es_url, prefix)
        self.folder = folder
        self.environment = {
            **os.environ,
            "VAR_DIR": str(folder),
            "REDIS_URL": valkey.url,
            "ES_URL": es_url,
            "ES_INDEX_PREFIX": prefix,
            "LOG_PIPELINE_CLAIM_AFTER": "2",
            "LOG_PIPELINE_INTERVAL": "1",
            "LOG_LEVEL": "INFO",
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "static").mkdir(exist_ok=True)
        self.database = folder / "db.sqlite3"
        self._make_database()

    def manage(self, *arguments: str) -> str:
        """Runs a management command to its end; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def pipeline(self, *arguments: str, **variables: str) -> PipelineProcess:
        environment = self.environment | variables
        return PipelineProcess(self.folder, arguments or ("--continuous",), environment)

    def drain(self, *arguments: str) -> dict[str, int]:
        """``run_log_pipeline --once`` to its end, which must be in order; its summary."""
        with self.pipeline("--once", *arguments) as process:
            assert process.wait() == 0, process.log
            return process.summary

    def dead_letters(self) -> list[dict[str, Any]]:
        """As the database has them, without the original."""
        letters = [dict(row) for row in self._rows(_DEAD_LETTERS)]
        return [{**letter, "queued": bool(letter["queued"])} for letter in letters]

    def lost(self) -> dict[str, int]:
        """Reason -> at least how many."""
        found = self._rows("SELECT reason, at_least FROM logpipeline_logloss ORDER BY id")
        return {row["reason"]: row["at_least"] for row in found}

    def _rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(query).fetchall()

    def _make_database(self) -> None:
        """A copy: the tables are made once in a run."""
        template = RUN_DIR / "migrated.sqlite3"
        with locked(RUN_DIR / "migrated.lock"):
            if not template.exists():
                self.manage("migrate", "--verbosity", "0")
                shutil.copyfile(self.database, template)
        shutil.copyfile(template, self.database)


_WAYS_TO_END = ("indexed", "duplicates", "dead")
_NONE: Mapping[str, list[str]] = {}
_ID_FIELDS = {
    "ml-api-logs": "data.transaction_id",
    "ml-api-message": "transaction_id",
    "ml-api-perfs": "transaction_id",
}
_DEAD_LETTERS = (
    'SELECT key, stream_id, transaction_id, "index", reason, field, tries, queued '
    "FROM logpipeline_deadletter ORDER BY id"
)


def check_stored(ends: Ends, given: list[bytes], dead: Mapping[str, list[str]] = _NONE) -> None:
    """Each id is once in each index, or it is among ``dead``: alias -> ids. All is at rest."""
    for alias in INDICES:
        expected = sorted(set(ids(given)) - set(dead.get(alias, ())))
        assert ends.ids_in(alias) == expected, alias
    assert ends.at_rest()
    check_counters(ends.counters(), len(given), len(given) * len(INDICES))


def check_counters(counts: Mapping[str, int], entries: int, units: int) -> None:
    """Each entry was acknowledged once, each unit ended once, and the parts make the totals.

    ``counts`` as in Redis, over all runs: crashes leave nothing out and count nothing twice.
    """
    ended = sum(counts.get(total, 0) for total in _WAYS_TO_END)
    assert (counts.get("read", 0), ended) == (entries, units)
    for total in (*_WAYS_TO_END, "filtered"):
        parts = [count for name, count in counts.items() if name.startswith(f"{total}:")]
        assert sum(parts) == counts.get(total, 0), total


def predictions(count: int) -> list[bytes]:
    """Entries of different predictions, each for all three indices."""
    return [as_json(_prediction(number)) for number in range(count)]


def refused(line: bytes) -> bytes:
    """The entry with a request id that ml-api-logs cannot hold; the other indices can."""
    fields = orjson.loads(line)
    fields["data"]["request_id"] = {"of": SECRET}
    return as_json(fields)


def ids(lines: list[bytes]) -> list[str]:
    """The transaction ids, sorted as ``World.ids_in`` sorts."""
    return sorted(orjson.loads(line)["data"]["transaction_id"] for line in lines)


def _prediction(number: int) -> dict[str, Any]:
    metrics = {
        "inference_time_ms": 0.4,
        "cpu_time_ms": 2.0,
        "memory_mb": 200.0,
        "memory_delta_mb": 0.0,
        "function_calls": 600,
        "latency_ms": 2.5,
        "top_functions": [{"function": "a.py:1(f)", "calls": 1, "time_ms": 0.1}],
        "profiled": True,
        "not_profiled": None,
    }
    made = entry(number % 3600, method="POST", path="/predict", invalid_input=[], request_id=None)
    made["data"] |= {
        "input_data": dict(EXAMPLE),
        "result": {"prediction": 0, "result": "NO", "probability": 0.1, "risk_band": "moderate"},
        "model_version": "1.0.0+test",
        "performance_metrics": {"transaction_id": made["data"]["transaction_id"], **metrics},
    }
    return made
