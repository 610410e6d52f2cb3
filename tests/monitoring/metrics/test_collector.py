"""A scrape has what can be had, in time."""

import threading
import time

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from monitoring.metrics.collector import StateCollector
from tests.monitoring.metrics.site import value


def answering() -> list[Metric]:
    return [GaugeMetricFamily("heartrisk_asked", "Asked.", 1)]


def away() -> list[Metric]:
    raise ConnectionError("redis://:secret@host")


def scraped(collector: StateCollector) -> str:
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry).decode()


def up(text: str, source: str) -> float:
    return value(text, "heartrisk_scrape_source_up", {"source": source})


def test_a_source_that_is_away_takes_none_of_the_others_with_it() -> None:
    text = scraped(StateCollector({"away": away, "answering": answering}))
    assert (up(text, "away"), up(text, "answering")) == (0, 1)
    assert value(text, "heartrisk_asked") == 1


def test_a_source_that_hangs_is_not_waited_for() -> None:
    release = threading.Event()

    def hanging() -> list[Metric]:
        release.wait(30)
        return []

    began = time.monotonic()
    text = scraped(StateCollector({"hanging": hanging, "answering": answering}, longest_wait=0.2))
    took = time.monotonic() - began
    release.set()
    assert (up(text, "hanging"), up(text, "answering")) == (0, 1)
    assert took < 2


def test_it_says_once_what_is_away_and_not_where(caplog: pytest.LogCaptureFixture) -> None:
    collector = StateCollector({"redis": away})
    scraped(collector)
    scraped(collector)
    assert caplog.messages == ["/metrics is without redis: ConnectionError"]
