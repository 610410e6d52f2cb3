"""Reading a CSV file in chunks: UTF-8, delimited by comma, semicolon or tab."""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from typing import BinaryIO, Final

from predictions.files.errors import FileError
from predictions.files.header import Header, delimiter_of, header_of

Rows = list[list[str]]
# A patient's line has 60 bytes; without an end, a file would be read into memory whole.
LONGEST_LINE: Final = 1_000_000
_BOM: Final = b"\xef\xbb\xbf"


class Reader:
    """The header, then the rows. Raises ``FileError`` from its construction on."""

    def __init__(self, file: BinaryIO) -> None:
        lines = _lines(file)
        given = _first(lines)
        first = given.removeprefix(_BOM)
        if not first.strip():
            raise FileError("Line 1 is empty." if given else "The file is empty.")
        self.delimiter = delimiter_of(first.decode(errors="replace"))
        texts = map(bytes.decode, chain([first], lines))
        self._rows = csv.reader(texts, delimiter=self.delimiter, strict=True)
        self.header: Header = header_of(self._take(1)[0])

    def chunks(self, size: int) -> Iterator[Rows]:
        """Up to ``size`` rows at a time; lines that are empty are left out."""
        while rows := self._take(size):
            # A blank line is no row; csv gives it as an empty one.
            if kept := list(filter(None, rows)):
                yield kept

    def _take(self, size: int) -> Rows:
        try:
            return list(islice(self._rows, size))
        except UnicodeDecodeError:
            problem = f"Line {self._rows.line_num + 1} is not UTF-8."
        except _TooLongError:
            problem = f"Line {self._rows.line_num + 1} has more than {LONGEST_LINE:,} bytes."
        except csv.Error as error:
            problem = f"Line {self._rows.line_num} is not CSV: {error}."
        # Outside the handler, so that the decoder's exception, which holds the line, is not
        # chained to this one.
        raise FileError(problem)


class _TooLongError(Exception):
    """A line has more than ``LONGEST_LINE`` bytes."""


def _first(lines: Iterator[bytes]) -> bytes:
    try:
        return next(lines, b"")
    except _TooLongError:
        raise FileError(f"Line 1 has more than {LONGEST_LINE:,} bytes.") from None


def _lines(file: BinaryIO) -> Iterator[bytes]:
    for line in iter(partial(file.readline, LONGEST_LINE + 1), b""):
        if len(line) > LONGEST_LINE:
            raise _TooLongError
        yield line
