"""``manage.py predict_file``: a CSV file of patients in, the same with predictions out.

Exit codes: 0 every row was read and answered, be it with its errors; 1 a file cannot be
read or written, or there is no model; 2 the command line asks for what is not allowed.
"""

import gc
import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from django.core.management.base import BaseCommand, CommandError

from predictions.files.errors import FileError
from predictions.files.predict import CHUNK, Summary, predict_file
from predictions.files.progress import progress_bar
from predictions.files.target import check_target, whole
from predictions.risk.predictor import ModelError, get_predictor

_PIPE: Final = "-"
_BAD_USAGE: Final = 2


class Command(BaseCommand):
    help = "Predicts for each row of a CSV file (docs/predict-file.md)."
    # It needs neither a database nor pages.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", help="A CSV file in UTF-8; - is the standard input.")
        parser.add_argument("output", help="Where the answer goes; - is the standard output.")
        parser.add_argument("--force", action="store_true", help="Replace an output that exists.")
        parser.add_argument(
            "--chunk",
            type=_positive,
            default=CHUNK,
            help="Rows in memory at a time (%(default)s).",
        )

    def handle(
        self, *args: object, input: str, output: str, force: bool, chunk: int, **options: object
    ) -> None:
        source = None if input == _PIPE else Path(input)
        if output != _PIPE:
            try:
                check_target(source, Path(output), replace=force)
            except FileError as error:
                raise CommandError(str(error), returncode=_BAD_USAGE) from None
        began = time.perf_counter()
        summary = self._predict(source, None if output == _PIPE else Path(output), chunk)
        self.stderr.write(_in_words(summary, time.perf_counter() - began), self.style.SUCCESS)

    def _predict(self, source: Path | None, target: Path | None, chunk: int) -> Summary:
        try:
            predictor = get_predictor()
            with (
                _opened(source) as file,
                _written(target) as out,
                progress_bar(file) as progress,
                _without_collector(),
            ):
                return predict_file(file, out, predictor, chunk=chunk, progress=progress)
        except FileError as error:
            problem = f"{source or 'The input'}: {error}"
        except ModelError as error:
            problem = str(error)
        except OSError as error:
            reason = str(error.strerror or error)
            problem = f"{error.filename}: {reason}" if error.filename else f"{reason}."
        raise CommandError(problem)


@contextmanager
def _opened(source: Path | None) -> Iterator[BinaryIO]:
    if source is None:
        yield sys.stdin.buffer
    else:
        with source.open("rb") as file:
            yield file


@contextmanager
def _written(target: Path | None) -> Iterator[BinaryIO]:
    if target is not None:
        with whole(target) as file:
            yield file
        return
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except OSError:
        # At its end Python would try once more to write the rest, and fail with a status of its
        # own (120; Python's documentation of signal, note on SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rows hold no cycles: the collector would walk thousands of them and find nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _in_words(summary: Summary, seconds: float) -> str:
    said = f"{summary.rows:,} rows in {seconds:.1f} s, "
    if not summary.refused:
        return f"{said}none refused."
    return f"{said}{summary.refused:,} refused: the column errors says why."
