"""What is asked of the sources and the database: a failure is a trouble, tried again later."""

from collections.abc import Callable
from enum import StrEnum

from django.db import DatabaseError

from logpipeline.backoff import pause
from logpipeline.sources.source import CredentialsError, Source, UnavailableError
from logpipeline.trouble import Troubles


class Task(StrEnum):
    OPENING = "opening"
    READING = "reading"
    ACKNOWLEDGING = "acknowledging"
    KEEPING_ALIVE = "keeping alive"


class Attempts:
    """``again_at``: when what failed last may be tried again."""

    def __init__(self, troubles: Troubles, clock: Callable[[], float]) -> None:
        self.again_at = 0.0
        self._troubles = troubles
        self._clock = clock

    def made(self, source: Source, task: Task, action: Callable[[], None]) -> bool:
        """Whether the source, and the database behind it, did what was asked."""
        database = f"database, {task} ({source.name})"
        try:
            action()
        except CredentialsError as error:
            self._failed(f"{source.name} credentials", str(error), error)
        except UnavailableError as error:
            self._failed(source.name, str(error), error)
        except DatabaseError as error:
            sentence = f"The database does not answer ({type(error).__name__})."
            self._failed(database, sentence, error)
        else:
            self._troubles.end(database)
            # Keeping alive may ask nothing of the source, and so proves nothing.
            if task is not Task.KEEPING_ALIVE:
                self._troubles.end(source.name)
                self._troubles.end(f"{source.name} credentials")
            return True
        return False

    def _failed(self, kind: str, sentence: str, error: Exception) -> None:
        tries = self._troubles.begin(kind, sentence, type(error).__name__)
        self.again_at = self._clock() + pause(tries)
