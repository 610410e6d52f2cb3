"""What is asked of the sources and the database: a failure is a trouble, and tried again."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError

from logpipeline.delivery.attempts import Attempts, Task
from logpipeline.delivery.backoff import FIRST_SECONDS, MOST_SECONDS
from logpipeline.delivery.trouble import Troubles
from logpipeline.sources.dead_letter_source import DeadLetterSource
from logpipeline.sources.http_source import HttpSource
from logpipeline.sources.source import ConflictError, CredentialsError, UnavailableError
from tests.predictions.logs import Clock

LETTERS = DeadLetterSource(10)
AWAY = UnavailableError("It is away.")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def troubles(clock: Clock) -> Troubles:
    return Troubles(clock)


@pytest.fixture
def attempts(troubles: Troubles, clock: Clock) -> Attempts:
    return Attempts(troubles, clock)


@pytest.fixture
def source() -> HttpSource:
    return HttpSource("http://testserver", "", batch_size=10, interval=10)


def failing(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def succeeding() -> None:
    """Nothing is in its way."""


def test_what_succeeds_is_made(attempts: Attempts, source: HttpSource) -> None:
    done: list[str] = []
    assert attempts.made(source, Task.READING, lambda: done.append("read"))
    assert done == ["read"]


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (AWAY, "http", "It is away."),
        (CredentialsError("It refuses us."), "http credentials", "It refuses us."),
        (
            DatabaseError("a-value-of-somebody"),
            "database",
            "The database does not answer (DatabaseError).",
        ),
    ],
)
def test_what_fails_is_a_trouble_of_its_kind(
    attempts: Attempts,
    troubles: Troubles,
    source: HttpSource,
    error: Exception,
    kind: str,
    sentence: str,
) -> None:
    assert not attempts.made(source, Task.READING, failing(error))
    assert (troubles.has(kind), str(troubles)) == (True, sentence)
    assert troubles.last_error == type(error).__name__


def test_it_may_be_tried_again_soon_then_later(
    attempts: Attempts, source: HttpSource, clock: Clock
) -> None:
    pauses = []
    for _ in range(10):
        attempts.made(source, Task.READING, failing(AWAY))
        pauses.append(attempts.again_at - clock.now)
    assert 0 < pauses[0] <= FIRST_SECONDS
    assert MOST_SECONDS / 2 <= pauses[-1] <= MOST_SECONDS


def test_when_it_succeeds_the_trouble_is_over(
    attempts: Attempts, troubles: Troubles, source: HttpSource
) -> None:
    attempts.made(source, Task.READING, failing(AWAY))
    attempts.made(source, Task.READING, succeeding)
    assert str(troubles) == ""


def test_another_task_does_not_end_it(
    attempts: Attempts, troubles: Troubles, source: HttpSource
) -> None:
    """Keeping alive asks nothing of a site: that it succeeds proves nothing."""
    attempts.made(source, Task.READING, failing(AWAY))
    attempts.made(source, Task.KEEPING_ALIVE, succeeding)
    assert troubles.has("http")


def test_another_source_does_not_end_it(
    attempts: Attempts, troubles: Troubles, source: HttpSource
) -> None:
    """Dead letters are read from the database, though the site is away."""
    attempts.made(source, Task.READING, failing(AWAY))
    attempts.made(LETTERS, Task.READING, succeeding)
    assert troubles.has("http")


def test_it_is_over_when_all_that_failed_has_succeeded(
    attempts: Attempts, troubles: Troubles, source: HttpSource, caplog: pytest.LogCaptureFixture
) -> None:
    for task in (Task.READING, Task.ACKNOWLEDGING):
        attempts.made(source, task, failing(AWAY))
    for task in (Task.READING, Task.ACKNOWLEDGING):
        assert troubles.has("http")
        attempts.made(source, task, succeeding)
    assert len(caplog.messages) == 2
    assert not troubles.has("http")


def test_the_database_is_one_for_all(
    attempts: Attempts, troubles: Troubles, source: HttpSource, caplog: pytest.LogCaptureFixture
) -> None:
    for each in (source, LETTERS):
        attempts.made(each, Task.READING, failing(DatabaseError()))
    assert len(caplog.messages) == 1
    attempts.made(source, Task.READING, succeeding)
    assert troubles.has("database")


def test_a_conflict_ends_the_pipeline(attempts: Attempts, source: HttpSource) -> None:
    with pytest.raises(ConflictError):
        attempts.made(source, Task.OPENING, failing(ConflictError()))
