"""``manage.py replay_dead_letters``: sends dead letters again, under the identity they have."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from logpipeline.dead_letters import queue
from logpipeline.delivery.options import GaveUpError, Options
from logpipeline.documents.names import INDEX_NAMES
from logpipeline.elastic import NotConfiguredError
from logpipeline.management.commands.run_log_pipeline import ONCE_GIVES_UP_AFTER_S, run
from logpipeline.models import DeadLetter
from logpipeline.process.console import as_table
from logpipeline.process.logging_setup import log_as
from logpipeline.process.runs import RunRecord, consumer_name
from logpipeline.sources.dead_letter_source import DeadLetterSource
from logpipeline.sources.losses import Losses


class Command(BaseCommand):
    help = "Send dead letters to Elasticsearch again: those that are queued, or all, or some."

    def add_arguments(self, parser: ArgumentParser) -> None:
        # Above an error, all options are too much to read.
        parser.usage = "%(prog)s [--all | --reason REASON | --index INDEX] [options]"
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="every dead letter")
        which.add_argument("--reason", help="those with this reason")
        which.add_argument("--index", choices=INDEX_NAMES, help="those for this index")

    def handle(self, *_args: object, **options: Any) -> None:
        log_as("text")
        record = RunRecord(consumer_name(), DeadLetterSource.name, "once")
        batch_size = settings.LOG_PIPELINE_BATCH_SIZE
        given = Options(
            once=True,
            give_up_after=ONCE_GIVES_UP_AFTER_S,
        )
        try:
            self._queue(options)
            counts = run(DeadLetterSource(batch_size), Losses(), record, given, batch_size)
            left = DeadLetter.objects.count()
        except (NotConfiguredError, GaveUpError) as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(f"The database does not answer ({type(error).__name__}).") from None
        self.stdout.write(as_table("Dead letters sent again", counts))
        are = "letter is" if left == 1 else "letters are"
        self.stdout.write(f"{left:,} dead {are} left.")

    def _queue(self, options: dict[str, Any]) -> None:
        letters = DeadLetter.objects.all()
        if options["reason"]:
            queue(letters.filter(reason=options["reason"]))
        elif options["index"]:
            queue(letters.filter(index=options["index"]))
        elif options["all"]:
            queue(letters)
