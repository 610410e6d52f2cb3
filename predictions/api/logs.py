"""/logs, /logs/stats and /logs_api: the transaction log, for staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from predictions.api.base import ApiView
from predictions.api.exceptions import Refused
from predictions.api.log_parameters import level_in, stream_id_in, whole_number_in
from predictions.api.log_schema import acknowledge_docs, log_stats_docs, logs_docs, stream_docs
from predictions.log.process import get_log_process
from predictions.log.reader import (
    LogReader,
    LogUnavailableError,
    PipelineReadsError,
    UnknownStreamIdError,
    format_id,
)
from predictions.log.stats import is_entry, statistics_of, utc_now
from predictions.profiled import profiled
from predictions.validation.row import Refusal, not_an_object, shown

WINDOW_PAGE: Final = 50
LARGEST_WINDOW_PAGE: Final = 1000
STREAM_PAGE: Final = 500
LARGEST_STREAM_PAGE: Final = 5000
LARGEST_OFFSET: Final = 10_000_000
START: Final = "0-0"


class RedisAway(APIException):
    """The log cannot be read now (503); it is still written, to the spool."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE


class PipelineTrims(APIException):
    """A deployment has one reader of the stream, Redis' or HTTP's (409)."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = gettext_lazy(
        "A log pipeline reads this stream from Redis and trims it; "
        "a second one over HTTP would lose its entries."
    )


class _LogView(ApiView):
    """Staff only, by the default permission. Entries hold health data: no cache keeps them."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    @contextmanager
    def reading(self) -> Iterator[LogReader]:
        """The log, or ``RedisAway`` with the number of entries that wait for it."""
        process = get_log_process()
        # Who has had an answer from this process finds its entry.
        process.drainer.deliver()
        try:
            yield process.reader
        except LogUnavailableError:
            waiting = process.spool.waiting()
            raise RedisAway(
                _("Redis does not answer; %(waiting)s log entries wait for it.")
                % {"waiting": waiting}
            ) from None


@logs_docs
class LogsView(_LogView):
    """The window of the latest transactions, newest first."""

    @profiled
    def get(self, request: Request) -> Response:
        limit = whole_number_in(request, "limit", WINDOW_PAGE, 1, LARGEST_WINDOW_PAGE)
        offset = whole_number_in(request, "offset", 0, 0, LARGEST_OFFSET)
        level = level_in(request)
        with self.reading() as log:
            page = log.window(limit, offset, level)
        return Response(
            {"total": page.total, "limit": limit, "offset": offset, "entries": page.entries}
        )

    @profiled
    def delete(self, request: Request) -> Response:
        """Empty the window. What is to be delivered, the stream, stays."""
        with self.reading() as log:
            return Response({"deleted": log.clear()})


@log_stats_docs
class LogStatsView(_LogView):
    """The window in numbers, and what waits for delivery."""

    @profiled
    def get(self, request: Request) -> Response:
        with self.reading() as log:
            statistics = statistics_of(filter(is_entry, log.entries()), utc_now())
            stream = log.stream_state()
        spool = get_log_process().spool.state()
        return Response(
            {
                **statistics,
                "spool": {"waiting": spool.waiting, "dropped": spool.dropped},
                "stream": {"length": stream.length, "pending": stream.pending},
            }
        )


@stream_docs
class StreamView(_LogView):
    """The delivery stream, for a pipeline on another host: resumable by id."""

    @profiled
    def get(self, request: Request) -> Response:
        after = stream_id_in(request.query_params.get("after", START), "after")
        limit = whole_number_in(request, "limit", STREAM_PAGE, 1, LARGEST_STREAM_PAGE)
        with self.reading() as log:
            page = log.after(format_id(after), limit)
        return Response({"entries": page.entries, "next": page.following, "length": page.length})


@acknowledge_docs
class AcknowledgeView(_LogView):
    """Everything up to ``id`` is stored elsewhere: the site may trim it. May be repeated."""

    @profiled
    def post(self, request: Request) -> Response:
        if not isinstance(request.data, dict):
            raise Refused.of(not_an_object("body", request.data))
        if "id" not in request.data:
            raise Refused.of(Refusal("id", "required"))
        given = request.data["id"]
        identity = stream_id_in(given, "id")
        try:
            with self.reading() as log:
                trimmed = log.acknowledge(identity)
        except PipelineReadsError:
            raise PipelineTrims from None
        except UnknownStreamIdError:
            raise Refused.of(Refusal("id", "not_given_out", shown(given))) from None
        return Response({"id": format_id(identity), "trimmed": trimmed})
