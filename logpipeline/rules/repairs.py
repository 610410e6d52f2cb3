"""Repairs of an entry's values, by the names that a rule calls them. None raises on odd shapes."""

import math
import re
from collections.abc import Callable
from typing import Any, Final

from logpipeline.entries import LogEntry
from logpipeline.rules.declared import LEVELS
from predictions.validation.row import NUMBER_PATTERN

Repair = Callable[[LogEntry], Any]

_NUMBER: Final = re.compile(NUMBER_PATTERN)
_OUTCOMES: Final = ("YES", "NO")


def fix_level(entry: LogEntry) -> None:
    """``warn`` becomes ``WARNING``, ``info`` becomes ``INFO``."""
    level = _capitals(entry.fields.get("level"))
    level = "WARNING" if level == "WARN" else level
    if level in LEVELS:
        _set(entry, entry.fields, "level", level)


def fix_numeric_input(entry: LogEntry) -> None:
    """Inputs given as text become numbers; what is no number becomes null."""
    inputs = _object(_object(entry.fields.get("data")).get("input_data"))
    for name, value in inputs.items():
        _set(entry, inputs, name, _as_number(value))


def fix_result_case(entry: LogEntry) -> None:
    """``yes`` becomes ``YES``."""
    result = _object(_object(entry.fields.get("data")).get("result"))
    outcome = _capitals(result.get("result"))
    if outcome in _OUTCOMES:
        _set(entry, result, "result", outcome)


REPAIRS: Final[dict[str, Repair]] = {
    repair.__name__: repair for repair in (fix_level, fix_numeric_input, fix_result_case)
}


def _set(entry: LogEntry, holder: dict[str, Any], key: str, value: object) -> None:
    # Compared with their types: true equals 1, and is no number.
    before = holder[key]
    if before != value or type(before) is not type(value):
        holder[key] = value
        entry.mark_changed()


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _capitals(value: object) -> str | None:
    return value.strip().upper() if isinstance(value, str) else None


def _as_number(value: object) -> float | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        number = float(value.replace(",", "."))
        return number if math.isfinite(number) else None
    # JSON's true is an int to Python.
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
