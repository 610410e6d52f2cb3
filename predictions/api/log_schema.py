"""The OpenAPI schema of the log's operations."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema_view

from predictions.api import log_documents
from predictions.api.log_parameters import LEVELS
from predictions.api.schema import operation

_STAFF: Final = (401, 403, 406, 503)


def _number(name: str, default: int, low: int, high: int, text: str) -> OpenApiParameter:
    kind: dict[str, Any] = {"type": "integer", "default": default, "minimum": low, "maximum": high}
    return OpenApiParameter(name, kind, description=text)


logs_docs: Final = extend_schema_view(
    get=operation(
        "logs",
        "log",
        log_documents.LogWindowSerializer,
        (400, *_STAFF),
        parameters=[
            _number("limit", 50, 1, 1000, "Entries on the page."),
            _number("offset", 0, 0, 10_000_000, "Entries to pass over."),
            OpenApiParameter("level", enum=LEVELS, description="Only entries of this level."),
        ],
    ),
    delete=operation("clear_logs", "log", log_documents.DeletedSerializer, _STAFF),
)
log_stats_docs: Final = extend_schema_view(
    get=operation("log_stats", "log", log_documents.LogStats, _STAFF)
)
stream_docs: Final = extend_schema_view(
    get=operation(
        "log_stream",
        "log",
        log_documents.LogStreamSerializer,
        (400, *_STAFF),
        parameters=[
            OpenApiParameter(
                "after",
                {"type": "string", "pattern": log_documents.STREAM_ID, "default": "0-0"},
                description="A stream id, or the `next` of the last answer.",
            ),
            _number("limit", 500, 1, 5000, "Entries at most."),
        ],
    )
)
acknowledge_docs: Final = extend_schema_view(
    post=operation(
        "acknowledge_log",
        "log",
        log_documents.AcknowledgedSerializer,
        (400, 409, 411, 413, 415, *_STAFF),
        request={"application/json": log_documents.AcknowledgeSerializer},
    )
)
