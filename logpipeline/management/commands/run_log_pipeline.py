"""``manage.py run_log_pipeline``: from the log to Elasticsearch, once or until it is stopped.

Exit codes: 0 done or stopped, 1 gave up with one clear line, 2 bad usage.
"""

import gc
import logging
import os
import signal
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from types import FrameType
from typing import Any, Final

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from logpipeline.delivery.counts import Counts
from logpipeline.delivery.options import GaveUpError, Options
from logpipeline.delivery.pipeline import Pipeline
from logpipeline.elastic import NotConfiguredError
from logpipeline.process.assembly import http_source, pipeline_of, redis_source, rules_of_settings
from logpipeline.process.console import ProgressBar, as_table
from logpipeline.process.dry_run import dry_run
from logpipeline.process.logging_setup import log_as
from logpipeline.process.runs import RunRecord, consumer_name
from logpipeline.sources.http_source import HttpSource
from logpipeline.sources.losses import Losses
from logpipeline.sources.redis_source import RedisSource
from logpipeline.sources.source import ConflictError, Source, UnavailableError

# With --once a person waits, or a timer starts it again.
ONCE_GIVES_UP_AFTER_S: Final = 30
_RECORD_EVERY_S: Final = 5.0
_SWITCH_S: Final = 0.0002

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Read the log from Redis or over HTTP, filter it, index it into Elasticsearch. "
        "Exit codes: 0 done or stopped, 1 gave up, 2 bad usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        # Above an error, all options are too much to read.
        parser.usage = "%(prog)s (--once | --continuous | --dry-run) [options]"
        mode = parser.add_mutually_exclusive_group(required=True)
        mode.add_argument("--once", action="store_true", help="drain what is there, then end")
        mode.add_argument("--continuous", action="store_true", help="go on until stopped")
        mode.add_argument(
            "--dry-run", action="store_true", help="say what would go where, touch nothing"
        )
        parser.add_argument(
            "--source", choices=("redis", "http"), help="default: http where LOGS_API_URL is set"
        )
        parser.add_argument("--url", help="the site to read from over HTTP (LOGS_API_URL)")
        parser.add_argument("--batch-size", type=_positive, help="entries read at once")
        parser.add_argument(
            "--interval", type=_positive, help="longest wait between two looks, in seconds"
        )
        parser.add_argument(
            "--give-up-after",
            type=_positive,
            help="seconds of trouble (--once, 30), or of refused credentials (--continuous, 300)",
        )
        parser.add_argument(
            "--log-format",
            choices=("text", "json"),
            default=settings.LOG_FORMAT,
            help="default: LOG_FORMAT",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        log_as(options["log_format"])
        losses = Losses()
        consumer = consumer_name()
        batch_size = options["batch_size"] or settings.LOG_PIPELINE_BATCH_SIZE
        try:
            source = _source(options, consumer, losses, batch_size)
            if options["dry_run"]:
                counts = dry_run(source.waiting(), rules_of_settings(), settings.ES_INDEX_PREFIX)
                self.stdout.write(as_table("Dry run: what would go where", counts))
            else:
                record = RunRecord(
                    consumer, source.name, "once" if options["once"] else "continuous"
                )
                counts = run(source, losses, record, _options(options), batch_size)
                if options["verbosity"]:
                    self.stdout.write(as_table("Log pipeline", counts))
        except (NotConfiguredError, ConflictError, UnavailableError, GaveUpError) as error:
            raise _end(error, options["log_format"]) from None


def _end(error: Exception, log_format: str) -> CommandError | SystemExit:
    """One clear line; an object where every line is one."""
    if log_format == "json":
        logger.error("%s", error)
        return SystemExit(1)
    return CommandError(str(error))


def run(
    source: Source, losses: Losses, record: RunRecord, options: Options, batch_size: int
) -> Counts:
    """Returns what was done. Raises what ends a pipeline before its time."""
    tune_the_interpreter()
    with ProgressBar(shown=options.once) as bar:
        housekeeping = _Housekeeping(record, losses, bar)
        with pipeline_of(source, options, batch_size, housekeeping) as pipeline:
            stop_on_signals(pipeline)
            code = 1
            try:
                pipeline.run()
                code = 0
            finally:
                pipeline.counts["lost"] = losses.lost
                record.end(pipeline.counts, pipeline.troubles.last_error, code)
    return pipeline.counts


def tune_the_interpreter() -> None:
    """For two threads, one that prepares and one that sends, and many short-lived objects."""
    # A batch is a hundred thousand objects and no cycle: counted references free them all.
    gc.collect()
    gc.freeze()
    gc.set_threshold(500_000, 5, 5)
    # The sender asks for the interpreter after each piece that the socket took: 5 ms each time,
    # as is usual, would leave Elasticsearch waiting for the rest of its request.
    sys.setswitchinterval(_SWITCH_S)


class _Housekeeping:
    """Every second or so: the progress bar; every few seconds: the run's row."""

    def __init__(self, record: RunRecord, losses: Losses, bar: ProgressBar) -> None:
        self._record = record
        self._losses = losses
        self._bar = bar
        self._record_at = 0.0

    def __call__(self, pipeline: Pipeline) -> None:
        if self._bar.is_shown:
            with suppress(UnavailableError, DatabaseError):
                self._bar.show(pipeline.counts["read"], pipeline.source.backlog())
        if time.monotonic() >= self._record_at:
            self._record_at = time.monotonic() + _RECORD_EVERY_S
            pipeline.counts["lost"] = self._losses.lost
            self._record.save(pipeline.counts, pipeline.troubles.last_error)


def stop_on_signals(pipeline: Pipeline) -> None:
    """The first one ends in order, within seconds; the second one at once, which loses nothing."""
    asked = False

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(0)
        asked = True
        pipeline.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)


def _source(
    options: dict[str, Any], consumer: str, losses: Losses, batch_size: int
) -> RedisSource | HttpSource:
    url = options["url"] or settings.LOGS_API_URL
    kind = options["source"] or ("http" if url else "redis")
    if kind == "redis":
        if options["url"]:
            raise CommandError("--url goes with --source http.", returncode=2)
        return redis_source(consumer, losses, batch_size)
    if not url:
        raise CommandError("--source http needs --url or LOGS_API_URL.", returncode=2)
    if not _is_address(url):
        raise CommandError(
            "--url (LOGS_API_URL) must be the address of a site, such as https://heartrisk.example.",
            returncode=2,
        )
    return http_source(url, batch_size, options["interval"] or settings.LOG_PIPELINE_INTERVAL)


def _is_address(url: str) -> bool:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.host)


def _options(given: dict[str, Any]) -> Options:
    once: bool = given["once"]
    patience = ONCE_GIVES_UP_AFTER_S if once else settings.LOG_PIPELINE_GIVE_UP
    return Options(
        interval=given["interval"] or settings.LOG_PIPELINE_INTERVAL,
        once=once,
        give_up_after=given["give_up_after"] or patience,
        # A pipeline that is slow to say that it lives is taken for dead.
        housekeeping=min(1.0, settings.LOG_PIPELINE_CLAIM_AFTER / 4),
    )


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 1_000_000):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 to 1,000,000")
    return int(text)
