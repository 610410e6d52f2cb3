"""Whatever happens between the stream and Elasticsearch, in whatever order: nothing is lost.

Hypothesis plays the world: it adds entries, lets pipelines step, lets requests be answered
late, wrongly or never, kills pipelines, and looks after each step.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import orjson
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from logpipeline import backoff, pipeline
from logpipeline.destination import Destination, DestinationError
from logpipeline.documents import INDICES
from logpipeline.models import DeadLetter, StreamMark
from logpipeline.options import Options
from logpipeline.pipeline import Pipeline
from logpipeline.rules.rules import compile_rules
from logpipeline.sources.dead_letter_source import DeadLetterSource
from logpipeline.sources.losses import Losses
from tests.conftest import Valkey
from tests.faults.pipeline import predictions
from tests.logpipeline.moody_elasticsearch import WELL, Key, Later, MoodyElasticsearch
from tests.logpipeline.rules.samples import drop, route
from tests.logpipeline.sources.streams import Stream
from tests.predictions.logs import Clock, entry, line

EXAMPLES: Final = 60
STEPS: Final = 40
MOST_PIPELINES: Final = 3
# Steps within which all must be at rest once everything is well.
ENDS_WITHIN: Final = 300
LOGS, MESSAGE, PERFS = INDICES
DAY: Final = "2026.11.23"
RULES: Final = [
    drop("unwanted", {"path": "/unwanted"}),
    route(LOGS),
    route(MESSAGE, {"has": ["result"]}),
    route(PERFS, {"has": ["performance_metrics"]}),
]
# Kind of entry -> the indices of its transactions.
ROUTES: Final = {
    "prediction": (LOGS, MESSAGE, PERFS),
    "request": (LOGS,),
    "rows": (LOGS, MESSAGE),
    "unwanted": (),
    "undecodable": (),
}
BATCH: Final = 3
CLAIM_AFTER: Final = 3600


class TickingClock(Clock):
    """A look at it takes a while: what waits for a time ends."""

    def __call__(self) -> float:
        self.now += 0.01
        return self.now


class MoodyDestination(Destination):
    """Its templates are in place, or it cannot be asked."""

    def __init__(self, client: MoodyElasticsearch, executor: Later, clock: Clock) -> None:
        anything: Any = client
        super().__init__(anything, executor, "", 90, clock)

    def make_ready(self) -> None:
        client: Any = self._client
        if client.choose((WELL, "away")) != WELL:
            raise DestinationError("It is away.", ConnectionError())


class World(RuleBasedStateMachine):
    """``expected``: of each stream id, what must be in Elasticsearch or a dead letter."""

    stream: ClassVar[Stream]

    def __init__(self) -> None:
        super().__init__()
        self.clock = TickingClock()
        self.elastic = MoodyElasticsearch(lambda moods: moods[0])
        self.pipelines: list[tuple[str, Pipeline, Later]] = []
        # Requests of pipelines that died with them under way.
        self.orphans: list[Any] = []
        self.lines: list[tuple[str, bytes]] = []
        self.expected: dict[str, set[Key]] = {}
        self.undecodable: set[str] = set()
        self.names = 0

    @initialize()
    def begin(self) -> None:
        self.stream.client.flushall()
        DeadLetter.objects.all().delete()
        StreamMark.objects.all().delete()
        self.start()

    # --- What happens -----------------------------------------------------------------

    @rule(kind=st.sampled_from(list(ROUTES)))
    def add(self, kind: str) -> None:
        self._add(kind, _line(kind))

    @precondition(lambda self: self.lines)
    @rule(data=st.data())
    def add_the_same_again(self, data: st.DataObject) -> None:
        self._add(*data.draw(st.sampled_from(self.lines)))

    def _add(self, kind: str, content: bytes) -> None:
        (identity,) = self.stream.add(content)
        self.lines.append((kind, content))
        self.expected[identity] = set(_keys(kind, content))
        if kind == "undecodable":
            self.undecodable.add(identity)

    @precondition(lambda self: len(self.pipelines) < MOST_PIPELINES)
    @rule()
    def start(self) -> None:
        self.names += 1
        name, executor = f"p{self.names}", Later()
        source = self.stream.source(
            name, losses=Losses(), batch_size=BATCH, claim_after=CLAIM_AFTER, clock=self.clock
        )
        made = Pipeline(
            source,
            MoodyDestination(self.elastic, executor, self.clock),
            compile_rules(RULES),
            # Continuous, it would wait for entries in real time.
            Options(interval=5, once=True, give_up_after=float("inf")),
            letters=DeadLetterSource(BATCH),
            clock=self.clock,
        )
        self.pipelines.append((name, made, executor))

    @precondition(lambda self: self.pipelines)
    @rule(data=st.data(), times=st.integers(1, 5))
    def step(self, data: st.DataObject, times: int) -> None:
        _, one, _ = self._one_of_them(data)
        for _ in range(times):
            one.step()

    @precondition(lambda self: any(executor.waiting for *_, executor in self.pipelines))
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        busy = [executor for *_, executor in self.pipelines if executor.waiting]
        self._choose_by(data)
        executor = data.draw(st.sampled_from(busy))
        executor.run(data.draw(st.integers(0, len(executor.waiting) - 1)))

    @precondition(lambda self: self.orphans)
    @rule(data=st.data())
    def a_dead_ones_request_arrives_late(self, data: st.DataObject) -> None:
        self._choose_by(data)
        self.orphans.pop(0)()

    @rule(seconds=st.sampled_from([0.3, 6.0, 90.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += seconds

    @precondition(lambda self: self.pipelines)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        name, _, executor = self._one_of_them(data)
        self._forget(name)
        self.orphans += executor.waiting
        self.stream.bury(name)

    @precondition(lambda self: self.pipelines)
    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        name, one, executor = self._one_of_them(data)
        one.stop()
        one.run()
        self._forget(name)
        self.orphans += executor.waiting
        self.stream.age(name)

    @precondition(lambda self: self.pipelines)
    @rule(data=st.data())
    def seem_dead(self, data: st.DataObject) -> None:
        """It lives, but was held up for so long that others take over what it has."""
        name, *_ = self._one_of_them(data)
        self.stream.bury(name)

    @rule()
    def queue_the_dead_letters(self) -> None:
        DeadLetter.objects.update(queued=True)

    def _one_of_them(self, data: st.DataObject) -> tuple[str, Pipeline, Later]:
        self._choose_by(data)
        return data.draw(st.sampled_from(self.pipelines))

    def _choose_by(self, data: st.DataObject) -> None:
        self.elastic.choose = lambda moods: data.draw(st.sampled_from(moods))

    def _forget(self, name: str) -> None:
        self.pipelines = [each for each in self.pipelines if each[0] != name]

    # --- What must hold ---------------------------------------------------------------

    @invariant()
    def what_is_acknowledged_has_ended(self) -> None:
        waiting = set(self.stream.waiting())
        ended = self.elastic.stored | _dead()
        for identity, keys in self.expected.items():
            if identity not in waiting and ("", identity) not in ended:
                assert keys <= ended, identity
                assert identity not in self.undecodable, identity

    @invariant()
    def what_is_pending_is_in_the_stream(self) -> None:
        assert set(self.stream.pending()) <= set(self.stream.ids())

    def teardown(self) -> None:
        """Everything is well from now on."""
        self.elastic.choose = lambda moods: moods[0]
        for name, _, executor in self.pipelines:
            self.orphans += executor.waiting
            self.stream.bury(name)
        self.pipelines = []
        for request in self.orphans:
            request()
        self.start()
        (_, last, executor) = self.pipelines[0]
        for _ in range(ENDS_WITHIN):
            last.step()
            while executor.waiting:
                executor.run(0)
            self.clock.now += 5
            if self._is_at_rest():
                break
        self._check_the_end()

    def _is_at_rest(self) -> bool:
        queued = DeadLetter.objects.filter(queued=True).exists()
        return not (self.stream.waiting() or self.stream.ids() or queued)

    def _check_the_end(self) -> None:
        assert (self.stream.waiting(), self.stream.ids()) == ([], [])
        whole = {identity for index, identity in _dead() if not index}
        decoded = [keys for identity, keys in self.expected.items() if identity not in whole]
        assert set().union(*decoded) <= self.elastic.stored | _dead()
        # And nothing else, under another index or identity.
        assert self.elastic.stored <= set().union(*self.expected.values())
        assert self.undecodable <= whole


def _line(kind: str) -> bytes:
    if kind == "prediction":
        return predictions(1)[0]
    if kind == "rows":
        rows = [
            {"transaction_id": each["data"]["transaction_id"], "result": {"prediction": 0}}
            for each in (entry(), entry())
        ]
        return line(batch_id="b", part=0, rows=rows)
    if kind == "undecodable":
        return b"\xff"
    return line(path=f"/{kind}")


def _keys(kind: str, content: bytes) -> Iterator[Key]:
    if kind == "undecodable":
        return
    data = orjson.loads(content)["data"]
    for transaction in data.get("rows", [data]):
        for alias in ROUTES[kind]:
            yield f"{alias}-{DAY}", transaction["transaction_id"]


def _dead() -> set[Key]:
    """As keys of documents; those of whole entries have no index, and the stream id."""
    rows = DeadLetter.objects.values_list("index", "transaction_id", "stream_id")
    return {
        (f"{index}-{DAY}", transaction) if index else ("", stream_id)
        for index, transaction, stream_id in rows
    }


class NoJitter:
    """Hypothesis repeats what it found; chance would not."""

    def uniform(self, low: float, high: float) -> float:
        return high


@pytest.mark.django_db
def test_nothing_is_lost_and_nothing_stored_twice(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "_RANDOM", NoJitter())
    monkeypatch.setattr(pipeline, "_SHORTLY_S", 0)
    monkeypatch.setattr(World, "stream", Stream(valkey), raising=False)
    run_state_machine_as_test(
        World,
        settings=hypothesis_settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
