"""`manage.py prune_logs --keep 90d`: deletes old indices where Elasticsearch does not do it."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime

from django.conf import settings
from django.core.management.base import BaseCommand

from logpipeline.documents.retention import prune
from logpipeline.elastic import get_client
from logpipeline.management.failures import said_in_one_line


class Command(BaseCommand):
    help = "Delete the indices of the log whose whole day is older than so many days."
    # It needs neither a database nor pages.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--keep",
            type=days,
            default=settings.ES_RETENTION_DAYS,
            metavar="90d",
            help=f"how many days to keep (ES_RETENTION_DAYS: {settings.ES_RETENTION_DAYS})",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")

    def handle(self, *_args: object, keep: int, dry_run: bool, **_options: object) -> None:
        with said_in_one_line():
            old = prune(
                get_client(),
                settings.ES_INDEX_PREFIX,
                keep,
                datetime.now(UTC).date(),
                dry_run=dry_run,
            )
        for name in old:
            self.stdout.write(name)
        what = "would be deleted" if dry_run else "deleted"
        self.stdout.write(f"{len(old)} {'index' if len(old) == 1 else 'indices'} {what}.")


def days(text: str) -> int:
    """``90d`` or ``90``."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})d?", text)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is not a number of days, such as 90d")
    return int(found[1])
