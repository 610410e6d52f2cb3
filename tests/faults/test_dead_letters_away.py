"""F13: the database that keeps the dead letters is away when there is one to keep."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import pytest
from django.db import connection

from logpipeline import dead_letters
from logpipeline.dead_letters import Letter
from logpipeline.models import DeadLetter
from tests.faults.pipeline import check_stored, ids, predictions, refused
from tests.logpipeline.pipelines import Bench, dead, step_until


@pytest.fixture
def impatient(transactional_db: None) -> None:
    """Nothing is gained by waiting five seconds for a lock that stays."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")


@contextmanager
def somebody_holds_the_database() -> Iterator[None]:
    """Reading goes on, as SQLite's write-ahead log lets it; nobody else can write."""
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many letters each try to store some was about."""
    found: list[int] = []
    store = dead_letters.store

    def counted(letters: Sequence[Letter]) -> int:
        found.append(len(letters))
        return store(letters)

    monkeypatch.setattr(dead_letters, "store", counted)
    return found


@pytest.mark.usefixtures("impatient")
def test_f13_the_entry_stays_pending_until_the_database_is_back(
    bench: Bench, tries: list[int]
) -> None:
    given = [*predictions(30), refused(predictions(1)[0])]
    bench.add(given[:10])
    with bench.pipeline() as pipeline:
        step_until(lambda: pipeline.counts["read"] == 10, pipeline)
        with somebody_holds_the_database():
            bench.add(given[10:])
            step_until(lambda: tries == [1, 1], pipeline)
            assert (len(bench.pending()), dead()) == (21, [])
        step_until(bench.at_rest, pipeline)
    check_stored(bench, given, dead={"ml-api-logs": ids(given[-1:])})
    assert DeadLetter.objects.get().tries == 1
