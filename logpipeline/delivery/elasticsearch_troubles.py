"""What hinders Elasticsearch, in one clear sentence, and when to try again."""

from collections.abc import Callable, Collection, Iterable
from typing import Final

from logpipeline.delivery.answers import Verdict
from logpipeline.delivery.backoff import pause
from logpipeline.delivery.bulk import Outcome
from logpipeline.delivery.destination import DestinationError
from logpipeline.delivery.flight import Flight
from logpipeline.delivery.trouble import Troubles

_ELASTICSEARCH: Final = "elasticsearch"
_CREDENTIALS: Final = "elasticsearch credentials"


class ElasticsearchTroubles:
    """The first two methods return when to try again."""

    def __init__(self, troubles: Troubles, clock: Callable[[], float]) -> None:
        self._troubles = troubles
        self._clock = clock

    def not_ready(self, error: DestinationError) -> float:
        return self._begin(error.credentials, str(error), error.error)

    def not_all_taken(self, outcome: Outcome, all_refused: Collection[str]) -> float:
        if outcome.trouble is None:
            closed = ", ".join(sorted(all_refused))
            sentence = f"Elasticsearch refuses every document for {closed}."
            return self._begin(False, sentence, "refused")
        credentials = outcome.trouble is Verdict.CREDENTIALS
        return self._begin(credentials, outcome.sentence, outcome.error)

    def well(self, flights: Iterable[Flight]) -> None:
        """It, or a part of it: the trouble is over when nothing waits because of it."""
        if any(flight.troubled for flight in flights):
            self._troubles.ease(_ELASTICSEARCH)
            return
        self._troubles.end(_ELASTICSEARCH)
        self._troubles.end(_CREDENTIALS)

    def _begin(self, credentials: bool, sentence: str, error: str) -> float:
        kind = _CREDENTIALS if credentials else _ELASTICSEARCH
        return self._clock() + pause(self._troubles.begin(kind, sentence, error))
