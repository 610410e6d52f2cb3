"""What is asked of the sources and the database: a failure is a trouble, tried again later."""

from collections import defaultdict
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from django.db import DatabaseError

from logpipeline.delivery.backoff import pause
from logpipeline.delivery.trouble import Troubles
from logpipeline.sources.source import CredentialsError, Source, UnavailableError

_DATABASE: Final = "database"


class Task(StrEnum):
    OPENING = "opening"
    READING = "reading"
    ACKNOWLEDGING = "acknowledging"
    KEEPING_ALIVE = "keeping alive"


class Attempts:
    """``again_at``: when what failed last may be tried again.

    A trouble is over when all that failed because of it has succeeded: that Redis lets us
    read does not mean that it lets us acknowledge.
    """

    def __init__(self, troubles: Troubles, clock: Callable[[], float]) -> None:
        self.again_at = 0.0
        self._troubles = troubles
        self._clock = clock
        # Of each kind of trouble: whose source could not do what.
        self._failing: defaultdict[str, set[tuple[str, Task]]] = defaultdict(set)

    def made(self, source: Source, task: Task, action: Callable[[], None]) -> bool:
        """Whether the source, and the database behind it, did what was asked."""
        credentials = f"{source.name} credentials"
        asked = source.name, task
        try:
            action()
        except CredentialsError as error:
            self._failed(credentials, asked, str(error), error)
        except UnavailableError as error:
            self._failed(source.name, asked, str(error), error)
        except DatabaseError as error:
            sentence = f"The database does not answer ({type(error).__name__})."
            self._failed(_DATABASE, asked, sentence, error)
        else:
            for kind in (source.name, credentials, _DATABASE):
                self._succeeded(kind, asked)
            return True
        return False

    def _failed(self, kind: str, asked: tuple[str, Task], sentence: str, error: Exception) -> None:
        self._failing[kind].add(asked)
        tries = self._troubles.begin(kind, sentence, type(error).__name__)
        self.again_at = self._clock() + pause(tries)

    def _succeeded(self, kind: str, asked: tuple[str, Task]) -> None:
        self._failing[kind].discard(asked)
        if not self._failing[kind]:
            self._troubles.end(kind)
