"""The shapes of the log's answers, for the OpenAPI schema only."""

from typing import Any, Final

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from predictions.log.stats import MEASURES

# Each part is below 2**64: 19 digits always are.
STREAM_ID: Final = r"^[0-9]{1,19}(-[0-9]{1,19})?$"


class LogWindowSerializer(serializers.Serializer[Any]):
    """A page of the log's window, newest entry first."""

    total = serializers.IntegerField(min_value=0, help_text="Entries of this level in the window.")
    limit = serializers.IntegerField(min_value=1)
    offset = serializers.IntegerField(min_value=0)
    entries = serializers.ListField(child=serializers.DictField())


class DeletedSerializer(serializers.Serializer[Any]):
    """How many entries were in the window."""

    deleted = serializers.IntegerField(min_value=0)


class LogStreamSerializer(serializers.Serializer[Any]):
    """A part of the delivery stream."""

    entries = serializers.ListField(child=serializers.DictField())
    next = serializers.CharField(help_text="The `after` of the next request.")
    length = serializers.IntegerField(min_value=0, help_text="Entries in the stream.")


class AcknowledgeSerializer(serializers.Serializer[Any]):
    """The last entry that is stored elsewhere."""

    id = serializers.RegexField(STREAM_ID, help_text="A stream id, such as `1700000000000-0`.")


class AcknowledgedSerializer(serializers.Serializer[Any]):
    """What the acknowledgement trimmed."""

    id = serializers.CharField()
    trimmed = serializers.IntegerField(min_value=0)


class PercentilesSerializer(serializers.Serializer[Any]):
    """Null where nothing was measured."""

    p50 = serializers.FloatField(allow_null=True)
    p95 = serializers.FloatField(allow_null=True)
    p99 = serializers.FloatField(allow_null=True)


class ResultCountsSerializer(serializers.Serializer[Any]):
    """Answered predictions; each row of a batch is one."""

    YES = serializers.IntegerField(min_value=0)
    NO = serializers.IntegerField(min_value=0)


class SpoolStateSerializer(serializers.Serializer[Any]):
    """Entries that wait for Redis, and those that a full spool could not take."""

    waiting = serializers.IntegerField(min_value=0)
    dropped = serializers.IntegerField(min_value=0)


class StreamStateSerializer(serializers.Serializer[Any]):
    """The delivery stream."""

    length = serializers.IntegerField(min_value=0)
    pending = serializers.IntegerField(min_value=0, help_text="Read, but not acknowledged.")


# ``errors`` is a property of DRF's serializers, so that this is not a class.
LogStats: Final = inline_serializer(
    "LogStats",
    {
        "count": serializers.IntegerField(min_value=0, help_text="Requests in the window."),
        "results": ResultCountsSerializer(),
        "errors": serializers.IntegerField(min_value=0),
        "client_errors": serializers.IntegerField(min_value=0),
        "server_errors": serializers.IntegerField(min_value=0),
        "requests_per_minute": serializers.FloatField(min_value=0),
        **{measure: PercentilesSerializer() for measure in MEASURES},
        "spool": SpoolStateSerializer(),
        "stream": StreamStateSerializer(),
    },
)
