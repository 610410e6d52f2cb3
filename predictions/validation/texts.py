"""The rules of ``validation``, over many rows of text, as a file holds them.

A file repeats itself: each distinct text is read once. Numpy clears the rows that are
plainly right, every other one goes to ``validate_row``.
"""

import math
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Final

import numpy as np

from predictions.features import NAMES
from predictions.validation.batch import BatchVerdict, judge
from predictions.validation.row import Verdict, number_in, validate_row

UNKNOWN_TEXTS: Final = frozenset({"", "NA"})
# Some megabytes: far more than a clinic's files have, of any one kind of value.
_MOST_REMEMBERED: Final = 65_536


def validate_texts(rows: Sequence[Sequence[str]], features: Sequence[int]) -> BatchVerdict:
    """Judges each row as ``validate_row`` does; an empty text and NA are unknown.

    ``features`` (14): where in a row each feature's text stands.
    """
    pick = itemgetter(*features)
    numbers = map(_NUMBERS.__getitem__, chain.from_iterable(map(pick, rows)))
    matrix = np.fromiter(numbers, np.float64, len(rows) * len(NAMES)).reshape(-1, len(NAMES))
    unreadable = np.asarray(np.isinf(matrix).any(axis=1))
    return judge(matrix, unreadable, lambda position: _validate(pick(rows[position])))


def _validate(texts: Sequence[str]) -> Verdict:
    known = (None if text in UNKNOWN_TEXTS else text for text in texts)
    return validate_row(dict(zip(NAMES, known, strict=True)))


class _Numbers(dict[str, float]):
    """Texts and the numbers they are: NaN where unknown, infinite where no plain number."""

    def __missing__(self, text: str) -> float:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        number = self[text] = _as_number(text)
        return number


_NUMBERS: Final = _Numbers()


def _as_number(text: str) -> float:
    if text in UNKNOWN_TEXTS:
        return math.nan
    number = number_in(text)
    return math.inf if number is None else number
