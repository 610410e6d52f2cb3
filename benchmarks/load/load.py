"""What a driver reports of one run, and what a driver is."""

from dataclasses import dataclass
from typing import Protocol


class Refused(SystemExit):
    """What was measured is not what should have been; the reason, as one sentence."""


@dataclass(frozen=True, slots=True)
class Load:
    """One run: every request that was sent has been answered with 200 when it ends.

    ``seconds``: from the first request to the last answer; the latencies in milliseconds.
    """

    sent: int
    seconds: float
    p50_ms: float
    p99_ms: float


class Driver(Protocol):
    """``name`` as a report says it. ``run`` raises Refused where any answer was not right."""

    @property
    def name(self) -> str: ...

    def run(self, port: int, clients: int, seconds: float) -> Load: ...
