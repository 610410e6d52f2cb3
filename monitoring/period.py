"""The time range that a page or a report looks at."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
# Kibana's automatic interval aims at as many.
_BUCKETS: Final = 50
_WIDTHS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        *(1, 5, 10, 30),
        *(60, 300, 600, 1800),
        *(3600, 3 * 3600, 6 * 3600, 12 * 3600),
        *(86_400, 7 * 86_400),
    )
)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` up to, not with, ``end``; both aware, UTC."""

    start: datetime
    end: datetime

    @classmethod
    def last(cls, span: timedelta, now: datetime) -> "Period":
        return cls(now - span, now)

    @property
    def span(self) -> timedelta:
        return self.end - self.start

    @property
    def bucket(self) -> timedelta:
        """The width of a chart's buckets: at most 50 of them, aligned to the epoch."""
        return next((width for width in _WIDTHS if self.span / width <= _BUCKETS), _WIDTHS[-1])

    @property
    def bucket_starts(self) -> list[datetime]:
        """Of all buckets that the period touches, oldest first; the first one may begin before."""
        width = milliseconds_of_span(self.bucket)
        first = milliseconds(self.start) // width
        after = -(-milliseconds(self.end) // width)
        return [moment(number * width) for number in range(first, after)]


def milliseconds(at: datetime) -> int:
    """Since the epoch, rounded down: as exact as Elasticsearch keeps a date."""
    return (at - _EPOCH) // _MILLISECOND


def milliseconds_of_span(span: timedelta) -> int:
    return span // _MILLISECOND


def moment(since_epoch: int) -> datetime:
    """The time of so many milliseconds since the epoch, UTC."""
    return _EPOCH + since_epoch * _MILLISECOND
