"""The rules of ``validation``, over many rows at once.

Numpy clears the rows that are plainly right. Every other row goes to
``validate_row``, so that the rules and their sentences stand in one place.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from types import NoneType
from typing import Final, cast

import numpy as np

from predictions.arrays import BoolArray, FloatArray, IntArray
from predictions.features import FEATURES, INDEX, NAMES, Kind
from predictions.validation.row import (
    CIGS,
    DIA,
    HIGH,
    LOW,
    SMOKER,
    SYS,
    Refusal,
    Verdict,
    not_an_object,
    pick_values,
    validate_row,
)

_Values = tuple[object, ...]
_PLAIN: Final = frozenset({int, float, NoneType})
# No measurement comes near it, and it fits a float.
_HUGE: Final = 2**64
_UNREADABLE: Final[_Values] = (None,) * len(NAMES)

_LOW, _HIGH = np.array(LOW), np.array(HIGH)
_REQUIRED: Final = np.array([not feature.unknown_allowed for feature in FEATURES])
_CHOICE: Final = np.array([feature.kind is Kind.CHOICE for feature in FEATURES])


@dataclass(frozen=True, slots=True)
class BatchVerdict:
    """``matrix`` (m, 14) of the accepted rows, ``positions`` (m,) where each stood.

    ``refusals`` holds every other row's, by position.
    """

    matrix: FloatArray
    positions: IntArray
    refusals: dict[int, tuple[Refusal, ...]]


def validate_rows(rows: Sequence[object]) -> BatchVerdict:
    """Judges each row as ``validate_row`` does."""
    picked = _pick_all(rows)
    matrix, suspect = _matrix(picked)
    return judge(matrix, suspect, lambda position: _validate(rows[position]))


def judge(
    matrix: FloatArray, suspect: BoolArray, validate: Callable[[int], Verdict]
) -> BatchVerdict:
    """The verdict on what was read: (n, 14), NaN where unknown, which is written to.

    ``suspect`` (n,) says which rows could not be read; ``validate`` judges those, and the
    ones that break a rule, by their position.
    """
    refusals: dict[int, tuple[Refusal, ...]] = {}
    for position in np.flatnonzero(suspect | _breaks_a_rule(matrix)).tolist():
        verdict = validate(position)
        if verdict.values is None:
            refusals[position] = verdict.refusals
        else:
            matrix[position] = verdict.values
    accepted = np.ones(len(matrix), dtype=bool)
    accepted[list(refusals)] = False
    return BatchVerdict(matrix[accepted], np.flatnonzero(accepted), refusals)


def _validate(row: object) -> Verdict:
    if isinstance(row, Mapping):
        return validate_row(row)
    return Verdict(None, (not_an_object("row", row),))


def _pick_all(rows: Sequence[object]) -> list[_Values]:
    """The 14 values of each row, or ``_UNREADABLE``, which is refused by numpy."""
    if set(map(type, rows)) == {dict}:
        dicts = cast("Sequence[dict[str, object]]", rows)
        # 14 keys, and all 14 of ours among them: there can be no unknown field.
        if set(map(len, dicts)) == {len(NAMES)}:
            with suppress(KeyError):
                return _without_other_types(list(map(pick_values, dicts)))
    return _without_other_types([_pick_one(row) for row in rows])


def _pick_one(row: object) -> _Values:
    if type(row) is not dict or not row.keys() <= INDEX.keys():
        return _UNREADABLE
    return tuple(map(row.get, NAMES))


def _without_other_types(picked: list[_Values]) -> list[_Values]:
    if _PLAIN.issuperset(map(type, chain.from_iterable(picked))):
        return picked
    return [row if _PLAIN.issuperset(map(type, row)) else _UNREADABLE for row in picked]


def _matrix(picked: list[_Values]) -> tuple[FloatArray, BoolArray]:
    """(n, 14), NaN for None; (n,) true where a row gave a NaN itself."""
    flat = list(chain.from_iterable(picked))
    unknowns = flat.count(None)
    try:
        matrix = np.array(flat, dtype=np.float64).reshape(-1, len(NAMES))
    except OverflowError:
        # An integer above the largest float, which orjson never makes but the
        # standard parser does: its row is judged by itself.
        return _matrix([row if _fits(row) else _UNREADABLE for row in picked])
    missing = np.isnan(matrix)
    if np.count_nonzero(missing) == unknowns:
        return matrix, np.zeros(len(picked), dtype=bool)
    return matrix, np.asarray(missing.any(axis=1))


def _fits(row: _Values) -> bool:
    return all(not isinstance(value, int) or abs(value) < _HUGE for value in row)


def _breaks_a_rule(matrix: FloatArray) -> BoolArray:
    """(n,) true where a row breaks, or seems to break, a rule."""
    wrong = (matrix < _LOW) | (matrix > _HIGH)
    wrong |= _REQUIRED & np.isnan(matrix)
    wrong |= _CHOICE & (matrix != 0) & (matrix != 1) & ~np.isnan(matrix)
    wrong_row = np.asarray(wrong.any(axis=1))
    wrong_row |= matrix[:, DIA] >= matrix[:, SYS]
    wrong_row |= (matrix[:, CIGS] > 0) & (matrix[:, SMOKER] == 0)
    return wrong_row
