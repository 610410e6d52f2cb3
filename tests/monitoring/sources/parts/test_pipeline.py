"""Whether a log pipeline runs."""

from datetime import UTC, datetime, timedelta

import pytest

from logpipeline.models import PipelineRun
from monitoring.sources.state import SystemState, system_state
from predictions.log.reader import HTTP_READER_KEY
from tests.conftest import Valkey
from tests.logpipeline.sources.streams import Stream
from tests.monitoring.traffic import NOON

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return datetime.now(UTC)


def state() -> SystemState:
    return system_state(now())


@pytest.fixture
def stream(valkey: Valkey) -> Stream:
    return Stream(valkey)


def run(**values: object) -> PipelineRun:
    return PipelineRun.objects.create(
        **{"consumer": "c", "source": "redis", "mode": "continuous", **values}
    )


def test_no_pipeline_is_needed_where_no_elasticsearch_is_configured(valkey: Valkey) -> None:
    found = state().pipeline
    assert (found.ok, found.sentence[:26]) == (None, "No log pipeline is needed:")


@pytest.fixture
def _long_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.sources.parts.pipeline.is_starting", lambda: False)


@pytest.mark.usefixtures("no_elasticsearch", "_long_running", "valkey")
def test_it_says_that_a_pipeline_runs() -> None:
    run()
    found = state().pipeline
    assert (found.ok, found.sentence) == (True, "A log pipeline runs.")
    run()
    assert state().pipeline.sentence == "2 log pipelines run."


@pytest.mark.usefixtures("no_elasticsearch", "_long_running", "valkey")
def test_it_says_since_when_no_pipeline_has_given_a_sign() -> None:
    run(seen=NOON - timedelta(days=1))
    run(seen=NOON, started=NOON)
    found = system_state(NOON + timedelta(hours=1)).pipeline
    assert found.ok is False
    assert found.sentence == (
        "No log pipeline runs, the last sign of one was at 12:00 UTC: log entries wait."
    )


@pytest.mark.usefixtures("no_elasticsearch", "_long_running", "valkey")
def test_it_says_that_no_pipeline_ever_ran() -> None:
    found = state().pipeline
    assert (found.ok, found.sentence) == (
        False,
        "No log pipeline runs, and none ever did: log entries wait.",
    )


@pytest.mark.usefixtures("no_elasticsearch", "valkey")
def test_it_is_no_alarm_while_the_site_is_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.sources.parts.pipeline.is_starting", lambda: True)
    assert state().pipeline.ok is None


def test_it_says_that_a_pipeline_on_another_host_reads_the_log(stream: Stream) -> None:
    stream.client.set(HTTP_READER_KEY, "0-0")
    found = state().pipeline
    assert (found.ok, found.sentence) == (
        True,
        "A log pipeline on another host reads the log over HTTP.",
    )
