"""Whatever happens between the stream and Elasticsearch, in whatever order: nothing is lost.

Hypothesis plays the world: it adds entries, lets pipelines step, lets requests be answered
late, wrongly or never, kills pipelines, and looks after each step.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, Final

import pytest
from django.db import OperationalError
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

from logpipeline import dead_letters
from logpipeline.delivery import backoff, pipeline
from logpipeline.models import DeadLetter, StreamMark
from logpipeline.sources import takeover
from predictions.log.transaction_log import STREAM_FIELD, STREAM_KEY
from tests.conftest import Valkey
from tests.logpipeline.moody.elasticsearch import Key, MoodyElasticsearch
from tests.logpipeline.moody.entries import ROUTES, dead_keys, keys_of, line_of
from tests.logpipeline.moody.sources import Killed, moody
from tests.logpipeline.moody.worker import TickingClock, Worker
from tests.logpipeline.sources.streams import Stream

EXAMPLES: Final = 40
STEPS: Final = 40
MOST_WORKERS: Final = 3
# Steps within which all must be at rest once everything is well.
ENDS_WITHIN: Final = 300
A_MINUTE: Final = 61
ACTIONS: Final = st.sampled_from(["step", "step", "step", "answer", "answer", "wait"])


class Chooser:
    """Lets Hypothesis choose a mood while ``data`` is there, else the healthy one."""

    def __init__(self) -> None:
        self.data: st.DataObject | None = None

    def __call__(self, moods: Sequence[str]) -> str:
        return moods[0] if self.data is None else self.data.draw(st.sampled_from(moods))


class World(RuleBasedStateMachine):
    """``expected``: of each stream id, what must be in Elasticsearch or a dead letter."""

    stream: ClassVar[Stream]
    choose: ClassVar[Chooser]

    def __init__(self) -> None:
        super().__init__()
        self.clock = TickingClock()
        self.elastic = MoodyElasticsearch(self.choose)
        self.workers: list[Worker] = []
        # Requests of workers that died with them under way.
        self.orphans: list[Callable[[], None]] = []
        self.lines: list[tuple[str, bytes]] = []
        self.expected: dict[str, set[Key]] = {}
        self.undecodable: set[str] = set()
        self.names = 0

    @initialize()
    def begin(self) -> None:
        self.stream.client.flushall()
        DeadLetter.objects.all().delete()
        StreamMark.objects.all().delete()
        self._start()

    # --- What happens -----------------------------------------------------------------

    @rule(data=st.data(), kinds=st.lists(st.sampled_from(list(ROUTES)), min_size=1, max_size=6))
    def add(self, data: st.DataObject, kinds: list[str]) -> None:
        for kind in kinds:
            self._add(kind, line_of(kind, len(self.lines)))
        self._work(data)

    @precondition(lambda self: self.lines)
    @rule(data=st.data())
    def add_the_same_again(self, data: st.DataObject) -> None:
        self._add(*data.draw(st.sampled_from(self.lines)))
        self._work(data)

    def _add(self, kind: str, content: bytes) -> None:
        # Nothing here may depend on the time of day: Hypothesis repeats what it found.
        identity = f"{len(self.lines) + 1}-0"
        self.stream.client.xadd(STREAM_KEY, {STREAM_FIELD: content}, id=identity)
        self.lines.append((kind, content))
        self.expected[identity] = set(keys_of(kind, content))
        if kind == "undecodable":
            self.undecodable.add(identity)

    @precondition(lambda self: len(self.workers) < MOST_WORKERS)
    @rule(data=st.data())
    def start_another(self, data: st.DataObject) -> None:
        self._start()
        self._work(data)

    def _start(self) -> None:
        self.names += 1
        self.workers.append(
            Worker(f"p{self.names}", self.stream, self.elastic, self.clock, self.choose)
        )

    @precondition(lambda self: self.orphans)
    @rule(data=st.data())
    def a_dead_ones_request_arrives_late(self, data: st.DataObject) -> None:
        self.choose.data = data
        self.orphans.pop(0)()
        self._work(data)

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        with self._one_of_them(data) as worker:
            self._is_gone(worker)
        self._work(data)

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def stop(self, data: st.DataObject) -> None:
        with self._one_of_them(data) as worker:
            worker.pipeline.stop()
            worker.pipeline.run()
            self._is_gone(worker)
        self._work(data)

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def seem_dead(self, data: st.DataObject) -> None:
        """It lives, but was held up for so long that others take over what it has."""
        with self._one_of_them(data) as worker:
            self.stream.bury(worker.name)
        self._work(data)

    @rule(data=st.data())
    def queue_the_dead_letters(self, data: st.DataObject) -> None:
        DeadLetter.objects.update(queued=True)
        self._work(data)

    def _work(self, data: st.DataObject) -> None:
        """After each event one of them works; there is always one."""
        if not self.workers:
            self._start()
        with self._one_of_them(data) as worker:
            for action in data.draw(st.lists(ACTIONS, min_size=2, max_size=16)):
                waiting = worker.requests.waiting
                if action == "step":
                    worker.pipeline.step()
                elif action == "wait":
                    self.clock.now += A_MINUTE
                elif waiting:
                    worker.requests.run(data.draw(st.integers(0, len(waiting) - 1)))

    @contextmanager
    def _one_of_them(self, data: st.DataObject) -> Iterator[Worker]:
        """It may not outlive the block."""
        self.choose.data = data
        worker = data.draw(st.sampled_from(self.workers))
        try:
            yield worker
        except Killed:
            self._is_gone(worker)

    def _is_gone(self, worker: Worker) -> None:
        self.workers.remove(worker)
        self.orphans += worker.requests.waiting
        self.stream.bury(worker.name)

    # --- What must hold ---------------------------------------------------------------

    @invariant()
    def what_is_acknowledged_has_ended(self) -> None:
        waiting = set(self.stream.waiting())
        ended = self.elastic.stored | dead_keys()
        for identity, keys in self.expected.items():
            if identity not in waiting and ("", identity) not in ended:
                assert keys <= ended, identity
                assert identity not in self.undecodable, identity

    @invariant()
    def what_is_pending_is_in_the_stream(self) -> None:
        assert set(self.stream.pending()) <= set(self.stream.ids())

    def teardown(self) -> None:
        """Everything is well from now on."""
        self.choose.data = None
        for worker in list(self.workers):
            self._is_gone(worker)
        for request in self.orphans:
            request()
        self._start()
        (last,) = self.workers
        for _ in range(ENDS_WITHIN):
            last.pipeline.step()
            while last.requests.waiting:
                last.requests.run(0)
            self.clock.now += A_MINUTE
            if self._is_at_rest():
                break
        self._check_the_end()

    def _is_at_rest(self) -> bool:
        queued = DeadLetter.objects.filter(queued=True).exists()
        return not (self.stream.waiting() or self.stream.ids() or queued)

    def _check_the_end(self) -> None:
        assert (self.stream.waiting(), self.stream.ids()) == ([], [])
        whole = {identity for index, identity in dead_keys() if not index}
        decoded = [keys for identity, keys in self.expected.items() if identity not in whole]
        assert set().union(*decoded) <= self.elastic.stored | dead_keys()
        assert {
            (index, identity) for index, identity in dead_keys() if index
        } <= self.elastic.refused
        # And nothing else, under another index or identity.
        assert self.elastic.stored <= set().union(*self.expected.values())
        assert self.undecodable <= whole


class NoJitter:
    """Chance would not repeat it."""

    def uniform(self, low: float, high: float) -> float:
        return high


@pytest.mark.django_db
def test_nothing_is_lost_and_nothing_stored_twice(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "_RANDOM", NoJitter())
    monkeypatch.setattr(pipeline, "_SHORTLY_S", 0)
    # Nor would real time.
    monkeypatch.setattr(takeover, "_JUST_CLAIMED_MS", 0)
    choose = Chooser()
    store = dead_letters.store
    monkeypatch.setattr(
        dead_letters,
        "store",
        lambda letters: moody(choose, lambda: store(letters), OperationalError()),
    )
    monkeypatch.setattr(World, "stream", Stream(valkey), raising=False)
    monkeypatch.setattr(World, "choose", choose, raising=False)
    run_state_machine_as_test(
        World,
        settings=hypothesis_settings(max_examples=EXAMPLES, stateful_step_count=STEPS),
    )
