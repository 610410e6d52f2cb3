"""``manage.py check_alerts``: evaluate the alerts once, or until stopped.

Exit codes: 0 evaluated or stopped, 1 with ``--fail-on`` such an alert fires, or the alerts could
not be evaluated, 2 bad usage.
"""

import signal
import threading
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, reset_queries
from django.utils import timezone

from monitoring.alerts.alive import sign_of_life
from monitoring.alerts.console import as_table
from monitoring.alerts.evaluate import open_alerts
from monitoring.alerts.rounds import Evaluator
from monitoring.models import Severity, State


class Command(BaseCommand):
    help = (
        "Measure what alerts watch, open and close them, tell people. Exit codes: 0 evaluated or "
        "stopped, 1 an alert of --fail-on fires or nothing could be evaluated, 2 bad usage."
    )
    # A supervised process starts beside the site: it needs no pages.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        mode = parser.add_mutually_exclusive_group(required=True)
        mode.add_argument("--once", action="store_true", help="print a table, then end")
        mode.add_argument("--continuous", action="store_true", help="go on until stopped")
        parser.add_argument(
            "--interval",
            type=_seconds,
            help="seconds between two looks (ALERTS_INTERVAL); with --once, of the timer that "
            "starts it: values more than three of them apart do not hold together",
        )
        parser.add_argument(
            "--fail-on",
            choices=Severity.values,
            help="with --once: exit code 1 where an alert at least so bad fires",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        interval = timedelta(seconds=options["interval"] or settings.ALERTS_INTERVAL)
        if options["continuous"]:
            if options["fail_on"]:
                raise CommandError("--fail-on goes with --once.", returncode=2)
            run(interval, Stop())
            return
        look = Evaluator(interval).round(timezone.now())
        if look is None:
            raise CommandError("The alerts could not be evaluated.")
        alerts = open_alerts()
        if options["verbosity"]:
            self.stdout.write(as_table(look.readings, alerts))
        firing = {alert.severity for alert in alerts if alert.state == State.FIRING}
        if firing & _at_least(options["fail_on"]):
            raise SystemExit(1)


class Stop:
    """SIGTERM and SIGINT. They end a round in the middle, too: what it had not saved it does again
    next time, and a hanging webhook is not waited for.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def __call__(self, wait: timedelta) -> bool:
        """Whether to stop, after so long at most."""
        return self._event.wait(wait.total_seconds())

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Set as well: an exception within a destructor is ignored.
        self._event.set()
        raise SystemExit(0)


def run(
    interval: timedelta,
    stop: Callable[[timedelta], bool],
    clock: Callable[[], datetime] = timezone.now,
) -> None:
    """Rounds until ``stop``, which waits in between."""
    evaluator = Evaluator(interval)
    # At the start of a site there is more urgent work than a report.
    with_drift = False
    while True:
        close_old_connections()
        # With DEBUG, Django keeps every statement for ever.
        reset_queries()
        evaluator.round(clock(), with_drift=with_drift)
        sign_of_life(interval)
        with_drift = True
        if stop(interval):
            return


def _at_least(severity: str | None) -> set[str]:
    if severity == Severity.WARNING:
        return set(Severity.values)
    return {severity} if severity else set()


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 86_400):
        raise ArgumentTypeError(f"{text!r} is not a whole number of seconds from 1 to 86,400")
    return int(text)
