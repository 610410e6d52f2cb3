"""What a rule does with an entry, compiled to functions of it.

Each returns bits: one for every index that the entry goes to, ``ENDED`` where it goes nowhere.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from logpipeline.documents.names import INDEX_NAMES
from logpipeline.entries import LogEntry
from logpipeline.rules.declared import DeclarationError, choice, function, texts
from logpipeline.rules.repairs import REPAIRS

Action = Callable[[LogEntry], int]

ENDED: Final = 1 << len(INDEX_NAMES)
# Without these an entry cannot be stored.
_NEEDED: Final = ("timestamp", "data", "data.transaction_id")


class ActionKind(NamedTuple):
    """The key that an action has beside ``action``, and how it is made of that key's value."""

    key: str | None
    compile: Callable[[object], Action]


def _drop(declared: object) -> Action:
    return lambda entry: ENDED


def _route(declared: object) -> Action:
    bit = 1 << INDEX_NAMES.index(choice("index", declared, INDEX_NAMES))
    return lambda entry: bit


def _repair(declared: object) -> Action:
    if isinstance(declared, str) and "." not in declared:
        repair = REPAIRS[choice("repair", declared, REPAIRS)]
    else:
        repair = function(declared)

    def act(entry: LogEntry) -> int:
        repair(entry)
        return 0

    return act


def _redact(declared: object) -> Action:
    paths = [_path(text) for text in texts(declared)]

    def act(entry: LogEntry) -> int:
        for way, last in paths:
            _set_null(entry, way, last)
        return 0

    return act


ACTIONS: Final[dict[str, ActionKind]] = {
    "drop": ActionKind(None, _drop),
    "route": ActionKind("index", _route),
    "repair": ActionKind("repair", _repair),
    "redact": ActionKind("fields", _redact),
}


def _path(text: str) -> tuple[list[str], str]:
    """``data.result.warnings`` as the way to it and its last name."""
    if text in _NEEDED:
        raise DeclarationError(f"{text!r} cannot be redacted, an entry needs it")
    *way, last = text.split(".")
    if not all([*way, last]):
        raise DeclarationError(f"{text!r} is not a dotted path")
    return way, last


def _set_null(entry: LogEntry, way: list[str], last: str) -> None:
    """In every object that the way leads to; what is not there is left alone."""
    holders = [entry.fields]
    for name in way:
        holders = [child for holder in holders for child in _objects(holder.get(name))]
    for holder in holders:
        if holder.get(last) is not None:
            holder[last] = None
            entry.mark_changed()


def _objects(value: object) -> list[dict[str, Any]]:
    """The object that the value is, or those of a list: a path leads through lists."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]
