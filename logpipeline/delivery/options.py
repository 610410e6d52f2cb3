"""How a pipeline runs, and how it ends before its time."""

from dataclasses import dataclass


class GaveUpError(Exception):
    """The text is one clear line."""


@dataclass(frozen=True, slots=True)
class Options:
    """``give_up_after``: seconds of any trouble (``once``), or of refused credentials."""

    interval: float = 10.0
    once: bool = False
    give_up_after: float = 300.0
    housekeeping: float = 1.0
