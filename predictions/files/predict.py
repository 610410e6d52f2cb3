"""From the rows of a file to the same rows with their answers."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO, Final

from django.utils import translation

from predictions.files.answers import BETWEEN_SENTENCES, answers_of
from predictions.files.header import ANSWERS
from predictions.files.reading import Reader, Rows
from predictions.files.writing import as_csv
from predictions.risk.predictor import OutOfRange, Predictor
from predictions.validation.refusal import Refusal
from predictions.validation.texts import validate_texts

# Fewer cost more of numpy's calls, more no longer fit the processor's cache.
CHUNK: Final = 5_000
_MOST_REMEMBERED: Final = 4096


@dataclass(slots=True)
class Summary:
    """How many rows were read, and how many of them were refused."""

    rows: int = 0
    refused: int = 0


def predict_file(
    source: BinaryIO,
    target: BinaryIO,
    predictor: Predictor,
    *,
    chunk: int = CHUNK,
    progress: Callable[[], None] = lambda: None,
) -> Summary:
    """Answer every row. Raises ``FileError``, and OSError of the files.

    ``chunk`` rows are in memory at a time; ``progress`` is called after each. Texts are
    English, whatever the active language.
    """
    reader = Reader(source)
    table = _Table(reader, target, predictor)
    summary = Summary()
    with translation.override("en"):
        table.begin()
        for rows in reader.chunks(chunk):
            summary.rows += len(rows)
            summary.refused += table.answer(rows)
            progress()
    return summary


class _Table:
    """Writes what was read of one file, with the answers behind it."""

    def __init__(self, reader: Reader, target: BinaryIO, predictor: Predictor) -> None:
        self._header = reader.header
        self._target = target
        self._predictor = predictor
        # Many rows share a warning or an error, and a sentence is dear.
        self._word = lru_cache(_MOST_REMEMBERED)(OutOfRange.text)
        self._reason = lru_cache(_MOST_REMEMBERED)(self._worded)
        self._delimiter = reader.delimiter
        # As the first chunk's numbers are written; only beside semicolons can they be.
        self._decimal_comma = None if reader.delimiter == ";" else False

    def begin(self) -> None:
        self._write([[*self._header.columns, *ANSWERS]])

    def answer(self, rows: Rows) -> int:
        """Write the rows with their answers; how many were refused."""
        misshapen = self._reshape(rows)
        if self._decimal_comma is None:
            self._decimal_comma = self._has_decimal_comma(rows)
        verdict = validate_texts(_blanked(rows, misshapen), self._header.features)
        errors = {at: self._in_words(refusals) for at, refusals in verdict.refusals.items()}
        errors |= misshapen
        predictions = self._predictor.predict_many(verdict.matrix)
        answers = answers_of(
            predictions, errors, decimal_comma=self._decimal_comma, word=self._word
        )
        for row, answer in zip(rows, answers, strict=True):
            row += answer
        self._write(rows)
        return len(errors)

    def _has_decimal_comma(self, rows: Rows) -> bool:
        return any("," in row[column] for row in rows for column in self._header.features)

    def _in_words(self, refusals: Sequence[Refusal]) -> str:
        return BETWEEN_SENTENCES.join(map(self._reason, refusals))

    def _worded(self, refusal: Refusal) -> str:
        return refusal.text(self._header.column_of(refusal.field))

    def _reshape(self, rows: Rows) -> dict[int, str]:
        """Give every row as many values as the header; the sentences on those that had not."""
        width = len(self._header.columns)
        sentences: dict[int, str] = {}
        if set(map(len, rows)) == {width}:
            return sentences
        for position, given in enumerate(map(len, rows)):
            if given != width:
                sentences[position] = (
                    f"The row has {given} values where the header has {width} columns."
                )
                rows[position] = [*rows[position], *[""] * width][:width]
        return sentences

    def _write(self, rows: Rows) -> None:
        self._target.write(as_csv(rows, self._delimiter).encode())


def _blanked(rows: Rows, positions: Collection[int]) -> Rows:
    """The rows, those at ``positions`` empty: their values may stand in the wrong columns."""
    if not positions:
        return rows
    return [[""] * len(row) if at in positions else row for at, row in enumerate(rows)]
