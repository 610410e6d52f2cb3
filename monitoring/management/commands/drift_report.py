"""`manage.py drift_report`: do the people still look like those the model learned from?"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.forms.models import model_to_dict

from monitoring.drift.console import as_table
from monitoring.drift.html import as_html
from monitoring.drift.report import make_report
from monitoring.models import DriftReport
from monitoring.models.drift import Verdict
from monitoring.period import Period
from monitoring.sources.away import SourceAwayError

EXIT_DRIFT: Final = 3
# A year.
_MOST_HOURS: Final = 8760


class Command(BaseCommand):
    help = (
        "Compare the latest predictions with the training data, keep the report, and show it. "
        "Exit codes: 0 a report was made, 1 none can be made, 2 wrong arguments, "
        f"{EXIT_DRIFT} drift was found and --fail-on-drift is given."
    )
    # It needs no pages.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--hours",
            type=hours,
            default=settings.DRIFT_WINDOW_HOURS,
            metavar="N",
            help=f"of how long (DRIFT_WINDOW_HOURS: {settings.DRIFT_WINDOW_HOURS})",
        )
        parser.add_argument("--html", type=Path, metavar="FILE", help="write a page of charts")
        parser.add_argument("--json", action="store_true", help="JSON instead of the table")
        parser.add_argument(
            "--fail-on-drift", action="store_true", help=f"exit code {EXIT_DRIFT} where it drifts"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        now = datetime.now(UTC)
        try:
            report = make_report(Period.last(timedelta(hours=options["hours"]), now), now)
        except SourceAwayError as error:
            raise CommandError(str(error)) from None
        # Numbers in a list as the database keeps them, whatever they were made as.
        report.refresh_from_db()
        self.stdout.write(_as_json(report) if options["json"] else as_table(report))
        if options["html"]:
            self._write(options["html"], as_html(report))
        if options["fail_on_drift"] and report.verdict == Verdict.DRIFT:
            raise SystemExit(EXIT_DRIFT)

    def _write(self, path: Path, page: str) -> None:
        try:
            path.write_text(page, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        # Not on stdout, which may hold JSON.
        self.stderr.write(f"{path} written")


def hours(text: str) -> int:
    """A whole number from 1 to a year's."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_HOURS):
        raise ArgumentTypeError(f"{text!r} is not a number of hours from 1 to {_MOST_HOURS}")
    return int(text)


def _as_json(report: DriftReport) -> str:
    return orjson.dumps(model_to_dict(report), option=orjson.OPT_INDENT_2).decode()
