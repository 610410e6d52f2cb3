from pathlib import Path

import pytest
from pytest_django import Settings

from predictions.health import HealthError
from predictions.log.health import check_log
from predictions.log.process import get_log_process
from tests.predictions.logs import PLENTY, line


@pytest.fixture(autouse=True)
def _own_spool(settings: Settings, tmp_path: Path) -> None:
    settings.SPOOL_DIR = tmp_path
    settings.SPOOL_MAX_BYTES = PLENTY


def test_it_is_well_when_nothing_waits() -> None:
    check_log()


def test_it_tells_how_many_entries_wait() -> None:
    get_log_process().spool.append([line(), line()])
    with pytest.raises(HealthError, match=r"^2 log entries wait for Redis\.$"):
        check_log()


def test_it_tells_how_many_were_dropped(settings: Settings) -> None:
    get_log_process().spool.drop([line()])
    with pytest.raises(HealthError, match=r"^1 transactions were not logged"):
        check_log()


def test_it_is_not_asked_where_the_log_is_off(settings: Settings) -> None:
    get_log_process().spool.append([line()])
    settings.LOG_TO_REDIS = False
    check_log()
