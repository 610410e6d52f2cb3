"""A pipeline in a moody world, as one process: it steps, and it may be killed anywhere."""

from typing import Any, Final

from logpipeline.delivery.destination import Destination, DestinationError
from logpipeline.delivery.options import Options
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.losses import Losses
from tests.logpipeline.moody.elasticsearch import WELL, Choose, Later, MoodyElasticsearch
from tests.logpipeline.moody.entries import RULES
from tests.logpipeline.moody.sources import MoodyDeadLetterSource, MoodyRedisSource
from tests.logpipeline.sources.streams import Stream
from tests.predictions.logs import Clock

BATCH: Final = 3
_CLAIM_AFTER: Final = 3600
_READY: Final = (WELL, WELL, WELL, "away")


class TickingClock(Clock):
    """A look at it takes a while: what waits for a time ends."""

    def __call__(self) -> float:
        self.now += 0.05
        return self.now


class MoodyDestination(Destination):
    """Its templates are in place, or it cannot be asked."""

    def __init__(
        self, client: MoodyElasticsearch, executor: Later, clock: Clock, choose: Choose
    ) -> None:
        anything: Any = client
        super().__init__(anything, executor, "", 90, clock)
        self._choose = choose

    def make_ready(self) -> None:
        if self._choose(_READY) != WELL:
            raise DestinationError("It is away.", ConnectionError())


class Worker:
    """``requests`` are under way until somebody runs them."""

    def __init__(
        self, name: str, stream: Stream, elastic: MoodyElasticsearch, clock: Clock, choose: Choose
    ) -> None:
        self.name = name
        self.requests = Later()
        self.pipeline = Pipeline(
            MoodyRedisSource(
                stream.patient_client(),
                name,
                Losses(),
                batch_size=BATCH,
                claim_after=_CLAIM_AFTER,
                clock=clock,
                choose=choose,
            ),
            MoodyDestination(elastic, self.requests, clock, choose),
            compile_rules(RULES),
            # Continuous, it would wait for entries in real time.
            Options(interval=5, once=True, give_up_after=float("inf")),
            letters=MoodyDeadLetterSource(BATCH, choose),
            clock=clock,
        )
