"""What a demonstration does once its site answers: plays the week, looks back, says what to see."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from monitoring.models import AlertEvent
from monitoring.period import Period
from predictions.log.process import get_log_process, start_draining
from tools.demo.hindsight import look_back
from tools.demo.people import People
from tools.demo.player import play
from tools.demo.site import Site
from tools.demo.traffic import Ask, traffic
from tools.demo.week import Week
from tools.run.console import say

# The same people in every demonstration, though at other times.
_SEED: Final = 1948
_SAY_EVERY_S: Final = 10.0
_LOGGED_WITHIN_S: Final = 30
_INDEXED_WITHIN_S: Final = 90
_PATH: Final = "monitoring/?range=7d"


def perform(site: Site, requests: int, slow_for: timedelta, *, indexed: bool) -> None:
    """``indexed``: whether Elasticsearch is to have everything before anyone looks back.

    Raises ``EndedError`` where the site ends meanwhile.
    """
    random = np.random.default_rng(_SEED)
    week = Week.ending(datetime.now(UTC), slow_for)
    asks = traffic(week, People(random), requests, random)
    say(f"playing {len(asks):,} requests, from {_moment(week.period.start)} until now.")
    _play(asks, site)
    if indexed and not site.wait_until(_is_indexed, _INDEXED_WITHIN_S):
        say("some log entries still wait for Elasticsearch.")
    _tell(week, look_back(week, datetime.now(UTC)), site)


def _play(asks: Sequence[Ask], site: Site) -> None:
    # What is refused, or fails, on purpose is no news here; the pages show it.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    began = time.monotonic()
    draining = start_draining()
    statuses = play(asks, _Progress(asks))
    if not site.wait_until(_is_logged, _LOGGED_WITHIN_S):
        say("some log entries still wait for Redis.")
    if draining is not None:
        draining.stop()
    kinds = Counter[int]()
    for status, count in statuses.items():
        kinds[status // 100] += count
    say(
        f"played them in {time.monotonic() - began:.0f} s: {kinds[2]:,} answered, "
        f"{kinds[4]:,} refused, {kinds[5]:,} failed."
    )


@dataclass(slots=True)
class _Progress:
    """Called for each answer: says now and then which day it is."""

    asks: Sequence[Ask]
    answered: int = 0
    said_at: float = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        self.said_at = self.said_at or now
        # Two threads that count at once may lose one: nobody needs it exactly.
        self.answered = min(self.answered + 1, len(self.asks))
        if now - self.said_at >= _SAY_EVERY_S:
            self.said_at = now
            at = self.asks[self.answered - 1].at
            say(f"{_moment(at)}: {self.answered:,} of {len(self.asks):,}.")


def _is_logged() -> bool:
    return get_log_process().spool.waiting() == 0


def _is_indexed() -> bool:
    return get_log_process().reader.stream_state().length == 0


def _tell(week: Week, events: Sequence[AlertEvent], site: Site) -> None:
    for event in events:
        say(f"alert {event.alert.name} {event.transition} at {_moment(event.at)}.")
    say(f"answers were slow       {_period(week.slow)}")
    say(f"the model was missing   {_period(week.away)}")
    say(f"older people came on    {_day(week.shifted)}; {_day(week.usual)} was as usual")
    say(f"look at {site.address.url}{_PATH} and its pages for transactions, drift and alerts.")


def _period(period: Period) -> str:
    return f"{_moment(period.start)} to {period.end:%H:%M}"


def _moment(at: datetime) -> str:
    return f"{at:%A %d %B, %H:%M} UTC"


def _day(period: Period) -> str:
    return f"{period.start:%A %d %B}"
