"""Who comes: rows of the Framingham data, which is public and names nobody."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from predictions.arrays import FloatArray
from predictions.features import INDEX, NAMES
from predictions.training.framingham import load_rows

_OLD: Final = 55
_HIGH_PRESSURE: Final = 140
# Of the people of the shifted day, those who are old and have a high blood pressure.
_SHARE_SHIFTED: Final = 0.6


class People:
    """Deals people in random order, everybody once before anybody comes again."""

    def __init__(self, random: np.random.Generator, rows: FloatArray | None = None) -> None:
        """``rows``: (n, 14), NaN where unknown; the Framingham rows where none are given.

        Raises ``TrainingError``.
        """
        everybody = load_rows().inputs if rows is None else rows
        old = everybody[:, INDEX["AGE"]] >= _OLD
        high = everybody[:, INDEX["SYS_BP"]] >= _HIGH_PRESSURE
        self._random = random
        self._usual = _Deck(everybody, random)
        self._older = _Deck(everybody[old & high], random)

    def next(self, *, shifted: bool) -> FloatArray:
        """(14,). ``shifted``: more older people with high blood pressure than usually."""
        older = shifted and self._random.random() < _SHARE_SHIFTED
        return (self._older if older else self._usual).deal()


class _Deck:
    def __init__(self, rows: FloatArray, random: np.random.Generator) -> None:
        self._rows = rows
        self._random = random
        self._left: list[int] = []

    def deal(self) -> FloatArray:
        if not self._left:
            self._left = self._random.permutation(len(self._rows)).tolist()
        row: FloatArray = self._rows[self._left.pop()]
        return row


def as_json(person: FloatArray) -> dict[str, Any]:
    """As a client of the API sends it: unknown is null."""
    return {name: None if np.isnan(value) else _plain(value) for name, value in _named(person)}


def as_form(person: FloatArray) -> dict[str, str]:
    """As the page's form sends it: unknown is left empty."""
    return {name: "" if np.isnan(value) else str(_plain(value)) for name, value in _named(person)}


def _named(person: FloatArray) -> Iterable[tuple[str, float]]:
    return zip(NAMES, person.tolist(), strict=True)


def _plain(value: float) -> float:
    return int(value) if value.is_integer() else value
