"""Asks several things at once, and waits for all of them together no longer than is said."""

import threading
from collections.abc import Callable, Mapping
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from django.utils.translation import get_language, override

_NAME: Final = "ask-"
# No more are started while so many hang: each visitor would leave some behind.
_MOST_THREADS: Final = 40


class DidNotAnswerError(Exception):
    """In time; nobody waits for it any more."""


def answers_in_time(questions: Mapping[str, Callable[[], Any]], seconds: float) -> dict[str, Any]:
    """By name: the answer, or the exception that was raised.

    ``DidNotAnswerError`` after ``seconds``. Each is asked in a thread of its own, in the
    caller's language.
    """
    until = monotonic() + seconds
    found: dict[str, Any] = {}
    language = get_language()

    def ask(name: str, question: Callable[[], Any]) -> None:
        with override(language):
            found[name] = answer_of(question)

    threads = [
        threading.Thread(target=ask, args=each, name=f"{_NAME}{each[0]}", daemon=True)
        for each in questions.items()
    ]
    if sum(thread.name.startswith(_NAME) for thread in threading.enumerate()) < _MOST_THREADS:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, until - monotonic()))
    return {name: found.get(name, DidNotAnswerError()) for name in questions}


def answer_of(question: Callable[[], Any]) -> Any:
    """The answer, or the exception that was raised."""
    with _Raised() as raised:
        return question()
    return raised.error


class _Raised:
    """Ends the block an exception is raised in, and keeps it."""

    error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self.error = error
        return isinstance(error, Exception)
