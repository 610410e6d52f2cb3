"""The log's parts of this process, made from the settings: one spool, one thread that drains it."""

import os
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

import redis
from django.conf import settings
from django_redis import get_redis_connection

from predictions.log.breaker import Breaker
from predictions.log.drain import Drainer
from predictions.log.drain_thread import DrainThread
from predictions.log.reader import LogReader
from predictions.log.spool import Spool
from predictions.log.transaction_log import Log, NoLog, TransactionLog
from predictions.profiling import NoProfiler, Profiler, Profiling

# For the thread that delivers and for staff who read the log: no prediction waits for these.
PATIENT_SECONDS: Final = 2.0


@dataclass(frozen=True)
class LogProcess:
    """Everything of one process that writes, drains and reads the log."""

    spool: Spool
    log: TransactionLog
    drainer: Drainer
    reader: LogReader


def assemble(
    client: redis.Redis,
    patient: redis.Redis,
    spool: Spool,
    *,
    window: int,
    stream_length: int,
) -> LogProcess:
    """``client`` has the requests' short timeout."""
    bounds = {"window": window, "stream_length": stream_length}
    drainer = Drainer(client, patient, spool, Breaker(), **bounds)
    return LogProcess(
        spool=spool,
        log=TransactionLog(spool, drainer.deliver, drainer.send),
        drainer=drainer,
        reader=LogReader(client, patient),
    )


def get_log_process() -> LogProcess:
    """This process's, as the settings say now."""
    return _log_process(
        settings.REDIS_URL,
        settings.SPOOL_DIR,
        settings.SPOOL_MAX_BYTES,
        settings.REDIS_LOGS_MAX_SIZE,
        settings.REDIS_STREAM_MAX_LENGTH,
    )


@lru_cache(maxsize=4)
def _log_process(
    url: str, spool_folder: Path, spool_bytes: int, window: int, stream_length: int
) -> LogProcess:
    patient = redis.Redis.from_url(
        url, socket_timeout=PATIENT_SECONDS, socket_connect_timeout=PATIENT_SECONDS, retry=None
    )
    return assemble(
        get_redis_connection("default"),
        patient,
        Spool(spool_folder, spool_bytes),
        window=window,
        stream_length=stream_length,
    )


def get_log() -> Log:
    """What the middleware appends to."""
    return get_log_process().log if settings.LOG_TO_REDIS else NoLog()


def get_profiling() -> Profiling:
    """What the middleware measures with."""
    return Profiler() if settings.ENABLE_PERFORMANCE_MONITORING else NoProfiler()


def start_draining() -> DrainThread | None:
    """Start this worker's thread; only web workers call it, so commands and tests have none."""
    if not settings.LOG_TO_REDIS:
        return None
    process = get_log_process()
    thread = DrainThread(process.log, process.drainer)
    thread.start()
    # Before this process ends; atexit would not do where multiprocessing has forked it.
    Finalize(None, thread.stop, (PATIENT_SECONDS,), exitpriority=0)
    return thread


def drain_in_every_worker() -> None:
    """Also in those that a server forks after it has loaded the application."""
    start_draining()
    os.register_at_fork(after_in_child=start_draining)
