"""The wait before the next try: it doubles, it ends growing, it is never the same for two."""

import pytest

from logpipeline.delivery.backoff import FIRST_SECONDS, MOST_SECONDS, pause

MANY = 200


def between(attempt: int) -> tuple[float, float]:
    found = [pause(attempt) for _ in range(MANY)]
    return min(found), max(found)


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.25), (2, 0.5), (3, 1), (4, 2), (5, 3), (6, 3), (10**9, 3)]
)
def test_it_doubles_up_to_three_seconds(attempt: int, longest: float) -> None:
    least, most = between(attempt)
    assert longest / 2 <= least <= most <= longest


def test_the_first_is_short_and_the_longest_lets_a_server_be_found_within_five_seconds() -> None:
    assert FIRST_SECONDS == 0.25
    assert MOST_SECONDS < 5


def test_several_pipelines_do_not_come_at_once() -> None:
    assert len({pause(5) for _ in range(MANY)}) == MANY
