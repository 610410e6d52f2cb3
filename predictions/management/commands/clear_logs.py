"""`make clear-logs`: empties the window that people look at, never the delivery stream."""

from django.core.management.base import BaseCommand, CommandError

from predictions.log.process import get_log_process
from predictions.log.reader import LogUnavailableError


class Command(BaseCommand):
    help = "Empty the log's window. What waits for the pipeline stays."

    def handle(self, *_args: object, **_options: object) -> None:
        try:
            cleared = get_log_process().reader.clear()
        except LogUnavailableError:
            raise CommandError("Redis does not answer. Is the site running?") from None
        self.stdout.write(f"{cleared} {'entry' if cleared == 1 else 'entries'} cleared.")
