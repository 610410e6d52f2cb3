"""The time range that a page or a report looks at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# Kibana's automatic interval aims at as many.
_BUCKETS: Final = 50
_WIDTHS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        *(1, 5, 10, 30),
        *(60, 300, 600, 1800),
        *(3600, 3 * 3600, 12 * 3600),
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
