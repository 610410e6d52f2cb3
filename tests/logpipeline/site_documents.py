"""What the tests of the documents share: entries as the real site logs them, and their sending."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.test import Client
from elasticsearch import Elasticsearch

from logpipeline.documents.indices import index_name
from logpipeline.documents.mappings import INDICES
from logpipeline.entries import LogEntry, decode
from predictions.features import EXAMPLE
from tests.conftest import Valkey
from tests.predictions.logs import stream_of

# What each index is sent by the rules that the project comes with.
KINDS = {
    "ml-api-logs": (
        "prediction",
        "remarkable prediction",
        "probabilities",
        "refused",
        "batch",
        "row",
        "refused row",
        "look at the log",
    ),
    "ml-api-message": ("prediction", "remarkable prediction", "probabilities", "row"),
    "ml-api-perfs": ("prediction", "probabilities", "refused", "batch", "look at the log"),
}
EVERY_KIND = [(alias, kind) for alias, kinds in KINDS.items() for kind in kinds]


def entries_of_the_site(valkey: Valkey) -> dict[str, LogEntry]:
    """One of each kind, asked of the real site and read from its real stream."""
    valkey.client().flushall()
    client = Client()
    # Outside the training range, and with something to impute.
    remarkable = {**EXAMPLE, "AGE": 100, "GLUCOSE": None}
    for path, body in (
        ("/predict", EXAMPLE),
        ("/predict", remarkable),
        ("/predict_proba", EXAMPLE),
        ("/predict", {**EXAMPLE, "AGE": 400}),
        ("/predict_batch", {"instances": [remarkable, {"AGE": "x" * 100}]}),
    ):
        client.post(path, orjson.dumps(body), content_type="application/json")
    client.get("/logs", headers={"X-Request-ID": "mine"})
    lines = stream_of(valkey)
    decoded = [entry for line in lines for entry in decode(line)]
    return dict(zip(KINDS["ml-api-logs"], decoded, strict=True))


def sent(alias: str, entry: LogEntry) -> dict[str, Any]:
    """The document that goes to the index, read back from its bytes."""
    document: dict[str, Any] = orjson.loads(INDICES[alias].source(entry))
    return document


def store(client: Elasticsearch, prefix: str, alias: str, *documents: dict[str, Any]) -> list[Any]:
    """In the indices of their days, as the pipeline does it; the answers' items."""
    lines = []
    for document in documents:
        day = document["@timestamp"][:10].replace("-", ".")
        lines.append(orjson.dumps({"create": {"_index": index_name(prefix, alias, day)}}))
        lines.append(orjson.dumps(document))
    # The client takes bytes, though its types do not say so.
    body: Any = b"\n".join(lines) + b"\n"
    answer = client.bulk(operations=body, refresh=True)
    return [item["create"] for item in answer["items"]]


def fields_of(mapping: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and definition of each field and object."""
    for name, field in mapping["properties"].items():
        yield f"{above}{name}", field
        if "properties" in field:
            yield from fields_of(field, f"{above}{name}.")
