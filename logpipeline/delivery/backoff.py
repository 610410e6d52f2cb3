"""How long to wait before the next try."""

import random
from typing import Final

FIRST_SECONDS: Final = 0.25
# Short enough that a server that is back has its first document within 5 s, templates and all.
MOST_SECONDS: Final = 3.0
_RANDOM: Final = random.SystemRandom()


def pause(attempt: int) -> float:
    """Seconds before try ``attempt`` (1, 2, ...): doubled each time, capped, with jitter.

    "Equal jitter" (M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog,
    2015): half is fixed, half random, so that several pipelines do not come at once.
    """
    longest: float = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt - 1, 10))
    return longest / 2 + _RANDOM.uniform(0, longest / 2)
