"""What Elasticsearch holds: three Documents, and for each the index it goes to.

The mappings of the index templates are made from the Documents, and docs/log-fields.md is
written from them. What is sent is built in ``sent.py``; tests hold one to the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from elasticsearch_dsl import (
    Boolean,
    Date,
    Document,
    Float,
    Integer,
    Keyword,
    MetaField,
    Nested,
    Object,
    Short,
    Text,
)

from logpipeline.documents import sent
from logpipeline.documents.fields import (
    inputs_object,
    mapping_of,
    metric_fields,
    result_object,
    strict,
    term,
)
from logpipeline.documents.index import Index
from logpipeline.entries import LogEntry

# Raise it with every change of a Document or of what `indices.template` puts around it.
MAPPING_VERSION: Final = 2


class Dated(Document):
    """When the transaction was answered, UTC; hour and weekday sort as text, for a heat map."""

    # As its writer wrote it. Where Elasticsearch cannot read that as a date, it has @timestamp.
    timestamp = Date(ignore_malformed=True)
    hour_of_day = Keyword()
    weekday = Keyword()

    class Meta:
        dynamic = MetaField("strict")
        mapping = mapping_of({"@timestamp": Date()})


class ApiLog(Dated):
    """Every entry, whole: a request, a row of a batch, a refusal, a look at the log."""

    level = term()
    message = Text()
    data = strict(
        transaction_id=term(),
        batch_id=term(),
        input_data=inputs_object(),
        result=result_object(),
        invalid_input=strict(field=term(), value=term(), reason=term()),
        # Functions are searched for in ml-api-perfs.
        performance_metrics=strict(**metric_fields(), top_functions=Object(enabled=False)),
        method=term(),
        path=term(),
        status=Short(),
        model_version=term(),
        request_id=term(),
        demo=Boolean(),
    )


class PredictionMessage(Dated):
    """A prediction: what was asked and what was answered."""

    transaction_id = term()
    batch_id = term()
    input_data = inputs_object()
    result = result_object()
    path = term()
    model_version = term()
    demo = Boolean()


class PerformanceMetrics(Dated):
    """What a request cost, a batch as a whole."""

    # Nested, so that a function's calls and time stay its own.
    top_functions = Nested(
        dynamic="strict",
        properties={"function": term(), "calls": Integer(), "time_ms": Float()},
    )
    method = term()
    path = term()
    status = Short()
    model_version = term()
    batch_id = term()
    rows = Integer()
    demo = Boolean()

    class Meta:
        mapping = mapping_of(metric_fields())


@dataclass(frozen=True, slots=True)
class LogIndex(Index):
    """One of the log's. ``source`` makes a document's JSON; raises ``UndecodableError``."""

    source: Callable[[LogEntry], bytes]


_ALL: Final = (
    LogIndex("ml-api-logs", ApiLog, MAPPING_VERSION, sent.api_log_source),
    LogIndex("ml-api-message", PredictionMessage, MAPPING_VERSION, sent.prediction_message_source),
    LogIndex("ml-api-perfs", PerformanceMetrics, MAPPING_VERSION, sent.performance_metrics_source),
)
INDICES: Final[dict[str, LogIndex]] = {index.alias: index for index in _ALL}
