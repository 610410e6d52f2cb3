import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django_redis import get_redis_connection
from pytest_django import Settings

from predictions.log.process import (
    drain_in_every_worker,
    get_log,
    get_log_process,
    get_profiling,
    start_draining,
)
from predictions.log.transaction_log import NoLog
from predictions.profiling import NoProfiler, Profiler
from tests.conftest import Valkey
from tests.predictions.logs import line, stream_of
from tests.waiting import wait_until


def test_a_process_has_one_log() -> None:
    assert get_log_process() is get_log_process()
    assert get_log() is get_log_process().log


def test_it_follows_the_settings(settings: Settings, tmp_path: Path) -> None:
    before = get_log_process()
    settings.SPOOL_DIR = tmp_path
    assert get_log_process() is not before
    assert get_log_process().spool.folder == tmp_path


def test_nothing_is_logged_where_the_log_is_off(settings: Settings) -> None:
    settings.LOG_TO_REDIS = False
    assert isinstance(get_log(), NoLog)


def test_the_profiler_is_switched_off_by_itself(settings: Settings) -> None:
    assert isinstance(get_profiling(), Profiler)
    settings.ENABLE_PERFORMANCE_MONITORING = False
    assert isinstance(get_profiling(), NoProfiler)
    assert not isinstance(get_log(), NoLog)


def test_redis_is_tried_once_and_within_the_short_timeout(
    settings: Settings, valkey: Valkey
) -> None:
    pool = get_redis_connection("default").connection_pool
    connection = pool.get_connection()
    pool.release(connection)
    assert connection.retry.get_retries() == 0
    short = settings.REDIS_TIMEOUT_MS / 1000
    assert [connection.socket_timeout, connection.socket_connect_timeout] == [short, short]


def test_a_connection_is_ready_without_asking_redis_anything(valkey: Valkey) -> None:
    client = get_redis_connection("default")
    client.connection_pool.disconnect()
    admin = valkey.client()
    admin.config_resetstat()
    client.ping()
    asked = admin.info("commandstats")
    assert not {"cmdstat_hello", "cmdstat_client|setinfo"} & asked.keys()


def test_a_workers_thread_drains_its_spool(
    settings: Settings, tmp_path: Path, valkey: Valkey
) -> None:
    settings.SPOOL_DIR = tmp_path
    get_log_process().spool.append([line()])
    thread = start_draining()
    assert thread is not None
    wait_until(lambda: len(stream_of(valkey)) == 1)
    thread.stop()


def test_there_is_no_thread_where_the_log_is_off(settings: Settings) -> None:
    settings.LOG_TO_REDIS = False
    assert start_draining() is None


def test_forked_workers_start_a_thread_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LOG_TO_REDIS = False
    after_fork: list[Callable[[], object]] = []
    monkeypatch.setattr(
        os, "register_at_fork", lambda *, after_in_child: after_fork.append(after_in_child)
    )
    drain_in_every_worker()
    assert after_fork == [start_draining]
