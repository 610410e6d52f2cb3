"""What hinders the pipeline now: logged at once, then once a minute, and when it is over."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_REPEAT_EVERY_S: Final = 60.0

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Trouble:
    sentence: str
    since: float
    logged_at: float
    # Since when nothing has succeeded at all.
    hopeless_since: float
    tries: int = 0


class Troubles:
    """One at most of each kind, such as ``elasticsearch``. ``last_error`` is a class's name."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._now: dict[str, _Trouble] = {}
        self.last_error = ""

    def begin(self, kind: str, sentence: str, error: str) -> int:
        """Returns which try in a row this was."""
        self.last_error = error
        now = self._clock()
        trouble = self._now.get(kind)
        if trouble is None:
            self._now[kind] = trouble = _Trouble(sentence, now, now, now)
            logger.warning("%s Trying again; nothing is lost.", sentence)
        elif now - trouble.logged_at >= _REPEAT_EVERY_S or sentence != trouble.sentence:
            trouble.logged_at, trouble.sentence = now, sentence
            logger.warning("%s For %.0f s now.", sentence, now - trouble.since)
        trouble.tries += 1
        return trouble.tries

    def ease(self, kind: str) -> None:
        """It goes on, but a part succeeds: no reason to give up."""
        if kind in self._now:
            self._now[kind].hopeless_since = self._clock()

    def end(self, kind: str) -> None:
        trouble = self._now.pop(kind, None)
        if trouble is not None:
            logger.warning("%s: well again after %.0f s.", kind, self._clock() - trouble.since)

    def has(self, kind: str) -> bool:
        return kind in self._now

    def lasting(self, seconds: float, kind: str = "") -> str:
        """The sentence of one that has lasted so long, "" if none has; ``kind`` ends its name."""
        for name, trouble in self._now.items():
            if name.endswith(kind) and self._clock() - trouble.hopeless_since >= seconds:
                return trouble.sentence
        return ""

    def __str__(self) -> str:
        return " ".join(trouble.sentence for trouble in self._now.values())
