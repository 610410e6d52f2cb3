"""Sources whose calls somebody lets succeed, fail, or be the last of their process."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, TypeVar

from logpipeline.sources.dead_letter_source import DeadLetterSource
from logpipeline.sources.redis_source import RedisSource
from logpipeline.sources.source import UnavailableError
from tests.logpipeline.moody.elasticsearch import WELL, Choose

T = TypeVar("T")
_BEFORE, _AFTER = "killed before", "killed after"
_AWAY, _ANSWER_LOST = "away", "answer lost"
CALLS: Final = (*[WELL] * 8, _BEFORE, _AFTER, _AWAY, _ANSWER_LOST)


class Killed(BaseException):
    """kill -9: nothing catches it."""


def moody(choose: Choose, call: Callable[[], T], away: Exception) -> T:
    """The call, or what is chosen instead of it or after it."""
    mood = choose(CALLS)
    if mood in (_BEFORE, _AWAY):
        raise Killed if mood == _BEFORE else away
    answer = call()
    if mood in (_AFTER, _ANSWER_LOST):
        raise Killed if mood == _AFTER else away
    return answer


class MoodyRedisSource(RedisSource):
    def __init__(self, *args: Any, choose: Choose, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose = choose

    def acknowledge(
        self, ids: Sequence[str], dead: Collection[str], counts: Mapping[str, int]
    ) -> None:
        acknowledge = super().acknowledge
        moody(self._choose, lambda: acknowledge(ids, dead, counts), UnavailableError("away"))


class MoodyDeadLetterSource(DeadLetterSource):
    def __init__(self, batch_size: int, choose: Choose) -> None:
        super().__init__(batch_size)
        self._choose = choose

    def acknowledge(
        self, ids: Sequence[str], dead: Collection[str], counts: Mapping[str, int]
    ) -> None:
        acknowledge = super().acknowledge
        moody(self._choose, lambda: acknowledge(ids, dead, counts), UnavailableError("away"))
