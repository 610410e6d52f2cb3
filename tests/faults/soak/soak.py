"""Two writers, a pipeline that is killed every other second, servers that restart.

At the end each transaction that Redis accepted is in each of its indices, once.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.elasticsearch import ElasticsearchNode
from tests.faults.patient_writer import PatientWriter
from tests.faults.pipeline import INDICES, World
from tests.faults.soak.killer import Killer
from tests.faults.soak.writing import TOGETHER, batches, places, single
from tests.waiting import wait_until

AWAY_S: Final = 2.0
WRITTEN_WITHIN_S: Final = 900
# A pipeline has about 110 MB; hoarded entries would show.
MOST_MEMORY: Final = 300_000_000


@dataclass(frozen=True)
class Plan:
    """``restarts`` of each server, ``kills`` of the pipeline at least.

    ``seconds``: what writing takes if nothing hinders it.
    """

    transactions: int
    restarts: int
    kills: int
    seconds: float


@dataclass(frozen=True)
class Place:
    """An index at the end."""

    expected: int
    missing: int
    twice: int
    strange: int

    @property
    def is_exact(self) -> bool:
        return (self.missing, self.twice, self.strange) == (0, 0, 0)


@dataclass(frozen=True)
class Report:
    places: dict[str, Place]
    numbers: dict[str, int]
    at_rest: bool

    def failures(self) -> list[str]:
        """What must not be, in words."""
        wrong = [
            f"{alias} is not exact" for alias, each in self.places.items() if not each.is_exact
        ]
        unwanted = ("dead letters", "lost in Redis", "pipelines that ended by themselves")
        wrong += [f"{self.numbers[name]} {name}" for name in unwanted if self.numbers[name]]
        if self.numbers["memory of a pipeline at most, MB"] * 1e6 > MOST_MEMORY:
            wrong.append("a pipeline grew")
        if not self.at_rest:
            wrong.append("something is left in the stream")
        return wrong

    def show(self, console: Console) -> None:
        table = Table("index", "accepted by Redis", "missing", "twice", "strange")
        for alias, place in self.places.items():
            row = (place.expected, place.missing, place.twice, place.strange)
            table.add_row(alias, *(f"{number:,}" for number in row))
        console.print(table)
        for name, number in self.numbers.items():
            console.print(f"{name}: {number:,}")


class Soak:
    """Call ``run`` once."""

    def __init__(self, world: World, node: ElasticsearchNode, plan: Plan) -> None:
        self._world = world
        self._node = node
        self._plan = plan
        half = plan.transactions // 2
        every = plan.seconds / (half / TOGETHER)
        valkey = world.valkey
        self._writers = [
            PatientWriter(valkey, single(half), every),
            PatientWriter(valkey, batches(half), every),
        ]

    def run(self) -> Report:
        began = time.monotonic()
        first, second = self._writers
        with Killer(self._world) as killer, first, second:
            self._restart_servers()
            wait_until(lambda: first.is_done and second.is_done, WRITTEN_WITHIN_S)
            wait_until(lambda: killer.kills >= self._plan.kills, WRITTEN_WITHIN_S)
        self._world.drain()
        numbers = {
            "pipelines killed": killer.kills,
            "pipelines that ended by themselves": len(killer.ended_alone),
            "restarts of each server": self._plan.restarts,
            "duplicates that Elasticsearch refused": self._world.counters()["duplicates"],
            "dead letters": len(self._world.dead_letters()),
            "lost in Redis": sum(self._world.lost().values()),
            "memory of a pipeline at most, MB": killer.most_memory // 1_000_000,
            "seconds": int(time.monotonic() - began),
        }
        return Report(self._places(), numbers, self._world.at_rest())

    def _restart_servers(self) -> None:
        """At even distances, by the number of transactions that are written."""
        restarts = self._restarts()
        for number, (go_away, come_back) in enumerate(restarts, 1):
            part = number / (len(restarts) + 1)
            wait_until(partial(self._is_written, part), WRITTEN_WITHIN_S)
            go_away()
            time.sleep(AWAY_S)
            come_back()

    def _restarts(self) -> list[tuple[Callable[[], object], Callable[[], object]]]:
        """Killed and asked to end in turn."""
        node, valkey = self._node, self._world.valkey
        found: list[tuple[Callable[[], object], Callable[[], object]]] = []
        for number in range(self._plan.restarts):
            found.append((node.stop if number % 2 else node.kill, node.start))
            found.append((valkey.kill if number % 2 else valkey.stop, valkey.start))
        return found

    def _is_written(self, part: float) -> bool:
        groups = sum(writer.groups_accepted for writer in self._writers)
        return groups * TOGETHER >= part * self._plan.transactions

    def _places(self) -> dict[str, Place]:
        accepted = [line for writer in self._writers for line in writer.accepted]
        expected = places(accepted)
        found = {alias: Counter(self._world.ids_in(alias)) for alias in INDICES}
        return {
            alias: Place(
                expected=len(expected[alias]),
                missing=len(set(expected[alias]) - set(found[alias])),
                twice=sum(count - 1 for count in found[alias].values()),
                strange=len(set(found[alias]) - set(expected[alias])),
            )
            for alias in INDICES
        }
