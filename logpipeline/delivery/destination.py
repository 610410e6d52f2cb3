"""Elasticsearch as the pipeline sees it: templates in place, requests under way in threads."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Final

from elasticsearch import ApiError, Elasticsearch, TransportError

from logpipeline import elastic
from logpipeline.delivery.answers import Verdict, verdict_of
from logpipeline.delivery.bulk import Outcome, send
from logpipeline.delivery.preparation import Unit
from logpipeline.documents.indices import SetupError, setup

# No server is replaced within so few seconds.
_REST_S: Final = 3.0
# The loop itself waits for these requests, and should hear a signal meanwhile.
_SETUP_TIMEOUT_S: Final = 4.0


class DestinationError(Exception):
    """The text is one clear sentence; ``error`` the class of what was behind it."""

    def __init__(self, sentence: str, error: Exception, *, credentials: bool = False) -> None:
        super().__init__(sentence)
        self.error = type(error).__name__
        self.credentials = credentials


class Destination:
    """``executor`` runs the requests; everything else is the caller's thread's."""

    def __init__(
        self,
        client: Elasticsearch,
        executor: Executor,
        prefix: str,
        retention_days: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.prefix = prefix
        self._client = client
        self._executor = executor
        self._retention_days = retention_days
        self._clock = clock
        self._known: set[str] = set()
        self._sent_at = 0.0

    def make_ready(self) -> None:
        """Templates first: an index that is made without one has the wrong mapping for ever."""
        client = self._client.options(request_timeout=_SETUP_TIMEOUT_S)
        try:
            setup(client, self.prefix, self._retention_days)
        except (ApiError, TransportError) as error:
            raise DestinationError(
                elastic.sentence(error), error, credentials=_refuses_us(error)
            ) from None
        except SetupError as error:
            raise DestinationError(str(error), error) from None

    def send(self, units: Sequence[Unit]) -> Future[Outcome]:
        """Before the first document of a new day's index, the templates are looked at again.

        And after a rest, in which the server may have been replaced by an empty one unseen.
        """
        indices = {unit.index for unit in units}
        now = self._clock()
        if not indices <= self._known or now - self._sent_at > _REST_S:
            self.make_ready()
            self._known |= indices
        self._sent_at = now
        return self._executor.submit(send, self._client, units)

    def forget(self) -> None:
        """After an outage another server, or an emptied one, may stand there."""
        self._known.clear()


def _refuses_us(error: ApiError | TransportError) -> bool:
    if not isinstance(error, ApiError):
        return False
    return verdict_of(error.meta.status, elastic.error_type(error)) is Verdict.CREDENTIALS
