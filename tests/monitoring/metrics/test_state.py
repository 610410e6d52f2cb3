"""What each reader reads, of the real thing."""

import signal
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from django.conf import LazySettings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric

from logpipeline.sources.redis_source import COUNTERS_KEY
from monitoring.alerts.definitions import ALERTS
from monitoring.metrics import state
from monitoring.metrics.collector import LONGEST_WAIT_S, StateCollector
from monitoring.models import Alert, DriftReport, Severity, State, Verdict
from tests.conftest import Valkey
from tests.monitoring.metrics.site import value


def read(found: list[Metric]) -> dict[tuple[str, ...], float]:
    """By name and label values."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for metric in found
        for sample in metric.samples
    }


def report(age: timedelta = timedelta(0), **changes: Any) -> DriftReport:
    now = datetime.now(UTC)
    about: dict[str, Any] = {
        "created": now - age,
        "source": "window",
        "window_start": now,
        "window_end": now,
        "rows": 1000,
        "model_version": "1",
        "verdict": Verdict.DRIFT,
        "drifting": 1,
        "figures": [
            {"name": "AGE", "group": "input", "verdict": "drift", "psi": 0.31},
            {"name": "AGE", "group": "feature", "verdict": "ok", "psi": 0.01},
            {"name": "BMI", "group": "input", "verdict": "not_enough_data", "psi": None},
        ],
    }
    return DriftReport.objects.create(**about | changes)


@pytest.mark.django_db
def test_the_system_tells_of_redis(valkey: Valkey) -> None:
    found = read(state.system())
    assert found["heartrisk_up", "redis"] == 1
    assert found["heartrisk_stream_length",] == 0


@pytest.mark.django_db
def test_what_is_not_known_of_the_system_is_missing(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ("heartrisk_stream_length",) not in read(state.system())


def test_it_reads_the_pipelines_counters(valkey: Valkey) -> None:
    valkey.client().hset(COUNTERS_KEY, mapping={"indexed": 7, "indexed:ml-api-logs": 7})
    found = read(state.pipeline_counters())
    assert found["heartrisk_pipeline_total", "indexed"] == 7
    assert found["heartrisk_pipeline_total", "dead"] == 0
    assert ("heartrisk_pipeline_total", "indexed:ml-api-logs") not in found


def test_the_pipelines_counters_fail_where_redis_is_away(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(redis.ConnectionError):
        state.pipeline_counters()


@pytest.mark.django_db
def test_drift_is_that_of_the_latest_report() -> None:
    report(timedelta(hours=1), drifting=9)
    report()
    found = read(state.drift())
    assert found["heartrisk_drift_inputs",] == 1
    assert found["heartrisk_drift_detected", "AGE", "input"] == 1
    assert found["heartrisk_drift_detected", "AGE", "feature"] == 0
    assert found["heartrisk_drift_psi", "AGE", "input"] == 0.31


@pytest.mark.django_db
def test_an_input_with_too_few_rows_neither_drifts_nor_not() -> None:
    report()
    assert not [key for key in read(state.drift()) if "BMI" in key]


@pytest.mark.django_db
def test_a_later_report_without_enough_data_does_not_clear_it() -> None:
    report(timedelta(hours=1), drifting=3)
    report(verdict=Verdict.NOT_ENOUGH_DATA, drifting=0)
    assert read(state.drift())["heartrisk_drift_inputs",] == 3


@pytest.mark.django_db
def test_an_old_report_tells_only_how_old_it_is(settings: LazySettings) -> None:
    settings.DRIFT_WINDOW_HOURS = 1
    report(timedelta(hours=3))
    assert list(read(state.drift())) == [("heartrisk_drift_report_timestamp_seconds",)]


@pytest.mark.django_db
def test_there_may_be_no_report() -> None:
    assert state.drift() == []


@pytest.mark.django_db
def test_every_alert_has_a_number_and_those_that_fire_have_1() -> None:
    now = datetime.now(UTC)
    about: dict[str, Any] = {"value": 1, "worst": 1, "threshold": 1, "started": now, "seen": now}
    firing = {"state": State.FIRING, "severity": Severity.CRITICAL}
    Alert.objects.create(name="spool", **firing, **about)
    Alert.objects.create(name="lost", **firing | {"state": State.RESOLVED}, **about)
    found = read(state.alerts())
    assert len(found) == 2 * len(ALERTS)
    assert [key[1:] for key, number in found.items() if number] == [("spool", "critical")]


def test_the_model_tells_its_version() -> None:
    ((_, version),) = read(state.model())
    assert version.count(".") >= 1


@pytest.mark.django_db(transaction=True)
def test_a_scrape_ends_in_time_and_has_the_rest_while_redis_hangs(
    own_valkey: Valkey, settings: LazySettings
) -> None:
    settings.REDIS_URL = own_valkey.url
    assert own_valkey.process is not None
    own_valkey.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    registry = CollectorRegistry()
    registry.register(StateCollector())
    text = generate_latest(registry).decode()
    took = time.monotonic() - began
    own_valkey.process.send_signal(signal.SIGCONT)
    up = [value(text, "heartrisk_up", {"part": part}) for part in ("redis", "database")]
    assert (up, value(text, "heartrisk_alert_firing")) == ([0, 1], 0)
    assert value(text, "heartrisk_scrape_source_up", {"source": "pipeline_counters"}) == 0
    assert took < LONGEST_WAIT_S + 0.5
