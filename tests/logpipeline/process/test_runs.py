"""A run's row: written from its start to its end, and never a reason to stop."""

import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from logpipeline.delivery.counts import TOTALS, Counts
from logpipeline.models import PipelineRun, State
from logpipeline.process.runs import RunRecord, consumer_name, consumers_here

# A statement that failed would end a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def record() -> RunRecord:
    return RunRecord("host-1-abc", "redis", "continuous")


def away(execute: Callable[..., Any], *arguments: Any) -> Any:
    raise OperationalError("connection to server at 10.0.0.1 failed")


def test_the_first_save_makes_the_row(record: RunRecord) -> None:
    record.save(Counts(), "")
    row = PipelineRun.objects.get()
    assert (row.consumer, row.source, row.mode) == ("host-1-abc", "redis", "continuous")
    assert (row.state, row.exit_code) == (State.RUNNING, None)


def test_it_has_every_number(record: RunRecord) -> None:
    numbers = {name: place for place, name in enumerate(TOTALS, 1)}
    record.save(Counts({**numbers, "indexed:ml-api-logs": 3}), "ConnectionError")
    row = PipelineRun.objects.get()
    assert {name: getattr(row, name) for name in TOTALS} == numbers
    assert row.last_error == "ConnectionError"


def test_later_saves_are_signs_of_life_in_the_same_row(record: RunRecord) -> None:
    record.save(Counts(), "")
    first = PipelineRun.objects.get()
    record.save(Counts(read=7), "")
    row = PipelineRun.objects.get()
    assert (row.pk, row.read, row.started) == (first.pk, 7, first.started)
    assert row.seen > first.seen


def test_the_end_is_written_with_the_exit_code(record: RunRecord) -> None:
    record.end(Counts(read=7), "GaveUp", 1)
    row = PipelineRun.objects.get()
    assert (row.state, row.exit_code, row.read) == (State.ENDED, 1, 7)


def test_a_database_that_is_away_is_one_log_line(
    record: RunRecord, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.execute_wrapper(away):
        record.save(Counts(), "")
        record.end(Counts(), "", 0)
    assert caplog.messages == ["The run cannot be recorded now: OperationalError."]
    assert PipelineRun.objects.count() == 0


def test_it_is_written_when_the_database_is_back(record: RunRecord) -> None:
    with connection.execute_wrapper(away):
        record.save(Counts(), "")
    record.save(Counts(read=7), "")
    assert PipelineRun.objects.get().read == 7


def test_a_second_outage_is_said_too(record: RunRecord, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        with connection.execute_wrapper(away):
            record.save(Counts(), "")
        record.save(Counts(), "")
    assert len(caplog.messages) == 2


def test_a_row_that_somebody_deleted_is_written_anew(record: RunRecord) -> None:
    record.save(Counts(), "")
    PipelineRun.objects.all().delete()
    record.save(Counts(read=7), "")
    assert PipelineRun.objects.get().read == 7


def test_no_two_have_the_same_name() -> None:
    assert len({consumer_name() for _ in range(100)}) == 100


def test_a_name_fits_its_column_on_a_host_with_a_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "h" * 253)
    RunRecord(consumer_name(), "redis", "once").save(Counts(), "")
    consumer = PipelineRun.objects.get().consumer
    assert len(consumer) <= 200
    assert re.search(consumers_here(), consumer)


def test_a_host_whose_name_begins_alike_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "pipeline-1")
    there = consumer_name()
    monkeypatch.setattr(socket, "gethostname", lambda: "pipeline")
    assert not re.search(consumers_here(), there)
    assert re.search(consumers_here(), consumer_name())
