"""What an alert's value is at one moment, or why nobody can say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A ``value`` in the definition's unit, or None: then ``too_few`` or, else, unknown.

    ``requests``: how many it was measured over, None of what is not measured of requests.
    ``why``: one sentence where the value is unknown because something is away.
    """

    value: float | None = None
    source: str = ""
    requests: int | None = None
    too_few: bool = False
    why: str = ""
