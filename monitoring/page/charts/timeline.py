"""The time axis that the charts over time share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from monitoring.page.charts.shapes import Box, Tick, percent
from monitoring.page.formats import day_and_month

_MOST_TICKS: Final = 7
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_STEPS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        *(1, 5, 10, 30),
        *(60, 120, 300, 600, 900, 1800),
        *(3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600),
        *(days * 86_400 for days in (1, 2, 5, 7, 14)),
    )
)
# Ten years' worth and more.
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 120, 1200)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Buckets of ``width`` each, without a gap, the first at ``start``."""

    start: datetime
    width: timedelta
    count: int

    @property
    def end(self) -> datetime:
        return self.start + self.width * self.count

    def ticks(self) -> Sequence[Tick]:
        """At round times, every other one minor."""
        span = self.end - self.start
        step = next((step for step in _STEPS if span / step <= _MOST_TICKS), None)
        if step is None:
            return [self._tick(moment, day_and_month(moment)) for moment in self._months()]
        # The first one that is not before the start.
        moment = _EPOCH - (_EPOCH - self.start) // step * step
        ticks = []
        while moment <= self.end:
            minor = bool(round((moment - _EPOCH) / step) % 2)
            ticks.append(self._tick(moment, self._short(moment, step), minor))
            moment += step
        return ticks

    def _tick(self, moment: datetime, label: str, minor: bool = False) -> Tick:
        share = (moment - self.start) / (self.end - self.start)
        return Tick(percent(share), label, minor)

    def _months(self) -> Sequence[datetime]:
        """The first day of every month, or of every so many that there are few."""
        numbers = range(_month(self.start) + 1, _month(self.end) + 1)
        step = next(step for step in _MONTHS if len(numbers) / step <= _MOST_TICKS)
        return [_first_day(number) for number in numbers if number % step == 0]

    def labels(self) -> Sequence[str]:
        """Of each bucket, its beginning: with the day where the chart has more than one."""
        starts = [self.start + self.width * number for number in range(self.count)]
        if self.width >= _DAY:
            return [f"{start:%Y-%m-%d}" for start in starts]
        if self.end - self.start > _DAY:
            return [f"{start:%Y-%m-%d %H:%M}" for start in starts]
        return [
            f"{start:%H:%M:%S}" if self.width < _MINUTE else f"{start:%H:%M}" for start in starts
        ]

    def columns(self, titles: Sequence[str]) -> Sequence[Box]:
        """One over each bucket."""
        width = percent(1 / self.count)
        return [
            Box(percent(number / self.count), "0%", width, "100%", "column", title)
            for number, title in enumerate(titles)
        ]

    @staticmethod
    def _short(moment: datetime, step: timedelta) -> str:
        if step >= _DAY or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return day_and_month(moment)
        return f"{moment:%H:%M:%S}" if step < _MINUTE else f"{moment:%H:%M}"


def _month(moment: datetime) -> int:
    """Counted from year 0."""
    return moment.year * 12 + moment.month - 1


def _first_day(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
