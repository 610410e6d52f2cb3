"""A few days of the site: real entries, asked of the real site, indexed by the pipeline's code."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import orjson
from django.conf import settings
from django.test import Client, override_settings
from elasticsearch import Elasticsearch

from logpipeline.delivery.bulk import send
from logpipeline.documents.index import Index
from logpipeline.documents.indices import setup
from logpipeline.documents.mappings import INDICES
from logpipeline.elastic import get_client
from logpipeline.entries import decode
from monitoring.period import Period
from predictions.features import EXAMPLE
from predictions.log.entry import as_json, level_of, timestamp
from tests.conftest import Valkey
from tests.logpipeline.units import prepared
from tests.predictions.logs import stream_of

Json = dict[str, Any]
# A Friday; the weekend is in it.
START: Final = datetime(2026, 11, 20, 6, tzinfo=UTC)
BETWEEN: Final = timedelta(minutes=47)
# An automatic interval of a day, so that a bucket has enough for its percentiles.
PERIOD: Final = Period(START - timedelta(days=40), START + timedelta(days=10))
PEOPLE: Final = 56
_FAILED: Final = (9, 23, 24)


@dataclass(frozen=True)
class Seeds:
    """``entries``: what the site logged, a batch's rows one by one, oldest first."""

    client: Elasticsearch
    prefix: str
    entries: list[Json]
    period: Period

    @property
    def predictions(self) -> list[Json]:
        return [each for each in self.entries if each["data"].get("input_data") and _answered(each)]

    @property
    def requests(self) -> list[Json]:
        """With their metrics; a batch is one."""
        return [each for each in self.entries if each["data"].get("performance_metrics")]

    @property
    def single_requests(self) -> list[Json]:
        return [each for each in self.requests if each["data"].get("batch_id") is None]


@contextmanager
def index_of_its_own(
    url: str, indices: list[Index] | None = None
) -> Iterator[tuple[Elasticsearch, str]]:
    """A client, and a prefix whose indices and templates go at the end."""
    prefix = f"test-{uuid4().hex}-"
    with override_settings(ES_URL=url), get_client() as client:
        setup(client, prefix, 90, indices or list(INDICES.values()))
        yield client, prefix
        for name in client.indices.get(index=f"{prefix}*", expand_wildcards="all"):
            client.indices.delete(index=name)
        client.options(ignore_status=404).indices.delete_index_template(name=f"{prefix}*")


def store(client: Elasticsearch, prefix: str, lines: list[bytes]) -> None:
    """By the rules, the documents and the bulk request of the pipeline."""
    ready = prepared(*lines, prefix=prefix, rules=settings.LOG_PIPELINE_RULES)
    outcome = send(client, ready.units)
    assert (ready.letters, len(outcome.stored)) == ([], len(ready.units))
    client.indices.refresh(index=f"{prefix}*")


def seeded(client: Elasticsearch, prefix: str, valkey: Valkey) -> Seeds:
    lines = list(_spread(_logged(valkey)))
    store(client, prefix, lines)
    entries = [entry.fields for line in lines for entry in decode(line)]
    return Seeds(client, prefix, entries, PERIOD)


def site_lines(valkey: Valkey) -> tuple[Json, Json]:
    """A prediction and the summary of a batch, as the site logs them."""
    valkey.client().flushall()
    client = Client()
    _post(client, "/predict", dict(EXAMPLE))
    _post(client, "/predict_batch", {"instances": [EXAMPLE, EXAMPLE]})
    single, summary, *_ = [orjson.loads(line) for line in stream_of(valkey)]
    return single, summary


def _answered(entry: Json) -> bool:
    return entry["data"].get("result") is not None


def _logged(valkey: Valkey) -> list[Json]:
    """Entries of the site, oldest first."""
    valkey.client().flushall()
    client = Client()
    for number in range(PEOPLE):
        path = "/predict_proba" if number % 11 == 0 else "/predict"
        _post(client, path, _person(number))
        if number % 9 == 0:
            _post(client, "/predict", {**EXAMPLE, "AGE": 400})
        if number % 20 == 0:
            rows = [_person(number + row) for row in range(5)] + [{"AGE": "old"}]
            _post(client, "/predict_batch", {"instances": rows})
    client.get("/logs")
    return [orjson.loads(line) for line in stream_of(valkey)]


def _post(client: Client, path: str, body: Json) -> None:
    client.post(path, orjson.dumps(body), content_type="application/json")


def _person(number: int) -> Json:
    """Every band of every input has somebody, unknown ones too."""
    smokes, systolic = number % 3 == 0, 105 + number * 17 % 95
    return {
        "AGE": 32 + number * 7 % 45,
        "GENDER": number % 2,
        "CURRENT_SMOKER": int(smokes),
        "CIGS_PER_DAY": None if number % 13 == 0 else (5 + number % 4 * 10) * smokes,
        "BP_MEDS": (None, 0, 1, 0)[number % 4],
        "PREVALENT_STROKE": int(number % 8 == 0),
        "PREVALENT_HYP": int(number % 5 < 2),
        "DIABETES": int(number % 6 == 0),
        "TOT_CHOL": None if number % 10 == 0 else 170 + number * 13 % 120,
        "SYS_BP": systolic,
        "DIA_BP": 122 if systolic > 180 else 65 + number * 11 % 38,
        "BMI": 21 + number % 15,
        "HEART_RATE": 60 + number % 40,
        "GLUCOSE": None if number % 7 == 0 else 70 + number * 19 % 90,
    }


def _spread(entries: list[Json]) -> Iterator[bytes]:
    """Over the days; the site has no path that fails, so a few are made to have failed."""
    for number, entry in enumerate(entries):
        entry["timestamp"] = timestamp(START + number * BETWEEN)
        if number in _FAILED:
            entry["data"]["status"], entry["level"] = 500, level_of(500)
        yield as_json(entry)
