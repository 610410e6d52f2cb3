"""The conditions of a rule's predicate, compiled to functions of an entry.

A condition on a value that is missing or null does not hold; one on a value of another
type does not hold either, or raises, which is counted (see ``Rules``).
"""

from collections.abc import Callable
from typing import Any, Final

from logpipeline.entries import LogEntry
from logpipeline.rules.declared import (
    DeclarationError,
    choice,
    flag,
    function,
    levels,
    methods,
    number,
    pattern,
    texts,
    within,
)

Condition = Callable[[LogEntry], Any]
_Getter = Callable[[LogEntry], Any]
_Test = Callable[[Any], bool]

# Any answer's status.
_STATUSES: Final = (100, 599)


def predicate_of(declared: object) -> Condition:
    """Of a dict of conditions, which all must hold, or of a function or its dotted path."""
    if not isinstance(declared, dict):
        return within("predicate", function, declared)
    conditions = [_condition(name, value) for name, value in declared.items()]
    if not conditions:
        return _always
    return conditions[0] if len(conditions) == 1 else _all_of(tuple(conditions))


def _condition(name: object, value: object) -> Condition:
    known = choice("condition", name, CONDITIONS)
    return within(f"condition {known!r}", CONDITIONS[known], value)


def _always(entry: LogEntry) -> bool:
    return True


def _all_of(conditions: tuple[Condition, ...]) -> Condition:
    return lambda entry: all(condition(entry) for condition in conditions)


def _on(value_of: _Getter, test_of: Callable[[object], _Test]) -> Callable[[object], Condition]:
    """How a condition on one value of the entry is made of what the rule declares."""

    def condition_of(declared: object) -> Condition:
        test = test_of(declared)

        def holds(entry: LogEntry) -> bool:
            value = value_of(entry)
            return value is not None and test(value)

        return holds

    return condition_of


def _envelope(name: str) -> _Getter:
    return lambda entry: entry.fields.get(name)


def _data(name: str) -> _Getter:
    return lambda entry: entry.fields["data"].get(name)


def _metric(name: str) -> _Getter:
    def value_of(entry: LogEntry) -> Any:
        metrics = entry.fields["data"].get("performance_metrics")
        return None if metrics is None else metrics.get(name)

    return value_of


def _found(declared: object) -> _Test:
    search = pattern(declared).search
    return lambda text: search(text) is not None


def _not_found(declared: object) -> _Test:
    search = pattern(declared).search
    return lambda text: search(text) is None


def _method(declared: object) -> _Test:
    return frozenset(methods(declared)).__contains__


def _level(declared: object) -> _Test:
    return frozenset(levels(declared)).__contains__


def _status(declared: object) -> _Test:
    """The least status, or both ends of a range, inclusive."""
    ends = declared if isinstance(declared, dict) else {"from": declared}
    if not ends or not ends.keys() <= {"from", "to"}:
        raise DeclarationError("must be a number or have 'from', 'to' or both")
    least, most = number(ends.get("from", _STATUSES[0])), number(ends.get("to", _STATUSES[1]))
    if least > most:
        raise DeclarationError(f"'from' {least} is above 'to' {most}")
    return lambda status: bool(least <= status <= most)


def _above(declared: object) -> _Test:
    limit = number(declared)
    return lambda measured: bool(measured > limit)


def _is(declared: object) -> _Test:
    expected = flag(declared)
    return lambda value: value is expected


def _has(declared: object) -> Condition:
    keys = texts(declared)

    def holds(entry: LogEntry) -> bool:
        data = entry.fields["data"]
        for key in keys:
            value = data.get(key)
            if value is None or (not value and _is_empty(value)):
                return False
        return True

    return holds


def _lacks(declared: object) -> Condition:
    keys = texts(declared)

    def holds(entry: LogEntry) -> bool:
        data = entry.fields["data"]
        return all(_is_empty(data.get(key)) for key in keys)

    return holds


def _is_empty(value: object) -> bool:
    """Null, or a text, list or object with nothing in it; 0 and false are values."""
    return not value and not isinstance(value, int | float)


CONDITIONS: Final[dict[str, Callable[[object], Condition]]] = {
    "message": _on(_envelope("message"), _found),
    "message_not": _on(_envelope("message"), _not_found),
    "method": _on(_data("method"), _method),
    "path": _on(_data("path"), _found),
    "status": _on(_data("status"), _status),
    "level": _on(_envelope("level"), _level),
    "slower_than_ms": _on(_metric("latency_ms"), _above),
    "profiled": _on(_metric("profiled"), _is),
    "has": _has,
    "lacks": _lacks,
}
