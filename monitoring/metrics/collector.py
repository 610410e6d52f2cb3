"""Asks the readers at the time of a scrape, all at once, none for longer than a scrape may take."""

import logging
from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from monitoring.metrics.state import READERS, Reader
from monitoring.sources.parts.in_time import answers_in_time

# ``system_state`` may take two seconds and more; a scrape must have ended after three.
LONGEST_WAIT_S: Final = 2.7

logger = logging.getLogger(__name__)


class StateCollector(Collector):
    """``heartrisk_scrape_source_up{source}`` says which readers' metrics are there."""

    def __init__(
        self, readers: Mapping[str, Reader] = READERS, longest_wait: float = LONGEST_WAIT_S
    ) -> None:
        self._readers = readers
        self._longest_wait = longest_wait
        self._troubles: dict[str, str] = {}

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "heartrisk_scrape_source_up",
            "Whether a source of these metrics answered.",
            labels=["source"],
        )
        for name, answer in answers_in_time(self._readers, self._longest_wait).items():
            failed = isinstance(answer, BaseException)
            up.add_metric([name], float(not failed))
            self._tell(name, type(answer).__name__ if failed else "")
            if not failed:
                yield from answer
        yield up

    def _tell(self, name: str, trouble: str) -> None:
        """Once, not at every scrape; only the class: an exception's text can hold an address."""
        if trouble and trouble != self._troubles.get(name):
            logger.warning("/metrics is without %s: %s", name, trouble)
        self._troubles[name] = trouble
