"""`make logs`: the latest transactions of the window, the newest last, as `tail` shows a file."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from predictions.log.process import get_log_process
from predictions.log.reader import LogReader, LogUnavailableError

LEVELS: Final = ("INFO", "WARNING", "ERROR")
_LOOK_EVERY_S: Final = 1.0
# Beyond this a burst between two looks is cut: the stream has it all, this is to read along.
_BURST: Final = 500


class Command(BaseCommand):
    help = "Show the latest transactions of the log's window."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=20, help="how many entries (20)")
        parser.add_argument("--level", choices=LEVELS, help="only this level")
        parser.add_argument("--follow", action="store_true", help="go on until Ctrl-C")

    def handle(self, *_args: object, **options: Any) -> None:
        reader = get_log_process().reader
        limit, level = max(1, options["limit"]), options["level"]
        try:
            latest = newest_last(reader, limit, level)
            for entry in latest:
                self.stdout.write(line(entry))
            if not latest:
                self.stdout.write("The log's window is empty.")
            if options["follow"]:
                self._follow(reader, level, seen={identity(entry) for entry in latest})
        except LogUnavailableError:
            raise CommandError("Redis does not answer. Is the site running?") from None
        except KeyboardInterrupt:
            return

    def _follow(self, reader: LogReader, level: str | None, seen: set[str]) -> None:
        while True:
            time.sleep(_LOOK_EVERY_S)
            for entry in unseen(reader, level, seen):
                self.stdout.write(line(entry))


def newest_last(reader: LogReader, limit: int, level: str | None) -> list[dict[str, Any]]:
    """The latest entries in the order they happened."""
    return reader.window(limit, 0, level).entries[::-1]


def unseen(reader: LogReader, level: str | None, seen: set[str]) -> Iterator[dict[str, Any]]:
    """What has come since; ``seen`` is brought up to date."""
    entries = newest_last(reader, _BURST, level)
    known = seen.copy()
    seen.clear()
    seen.update(identity(entry) for entry in entries)
    return (entry for entry in entries if identity(entry) not in known)


def identity(entry: dict[str, Any]) -> str:
    return str(entry.get("data", {}).get("transaction_id", entry))


def line(entry: dict[str, Any]) -> str:
    """One entry on one line: when, how serious, what."""
    moment = str(entry.get("timestamp", ""))[:23].replace("T", " ")
    return f"{moment} {entry.get('level', ''):<7} {entry.get('message', '')}"
