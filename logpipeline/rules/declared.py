"""Reads the values that a rule declares; each reader refuses what cannot be meant."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from django.utils.module_loading import import_string

Read = TypeVar("Read")

# The site itself writes INFO, WARNING and ERROR.
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class DeclarationError(Exception):
    """The text says what is wrong, without the rule's place in the list."""


def within(place: str, read: Callable[[object], Read], value: object) -> Read:
    """What is wrong with a part is told with the part's name."""
    try:
        return read(value)
    except DeclarationError as error:
        raise DeclarationError(f"{place}: {error}") from None


def pattern(value: object) -> re.Pattern[str]:
    text = _text(value)
    try:
        return re.compile(text)
    except re.error as error:
        place = "" if error.pos is None else f" at position {error.pos}"
        raise DeclarationError(f"bad regex {text!r}: {error.msg}{place}") from None
    except OverflowError as error:
        raise DeclarationError(f"bad regex {text!r}: {error}") from None


def texts(value: object) -> tuple[str, ...]:
    """A list of texts with at least one in it."""
    if not isinstance(value, list | tuple):
        raise DeclarationError(f"must be a list, not {_kind(value)}")
    if not value:
        raise DeclarationError("an empty list")
    return tuple(_text(each) for each in value)


def text_or_texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else texts(value)


def methods(value: object) -> tuple[str, ...]:
    found = text_or_texts(value)
    small = [each for each in found if each != each.upper()]
    if small:
        raise DeclarationError(f"{small[0]!r} must be in capitals")
    return found


def levels(value: object) -> tuple[str, ...]:
    return tuple(choice("level", each, LEVELS) for each in text_or_texts(value))


def number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DeclarationError(f"must be a number, not {_kind(value)}")
    return value


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise DeclarationError(f"must be True or False, not {_kind(value)}")
    return value


def function(value: object) -> Callable[..., Any]:
    """Itself, or what a dotted path leads to."""
    if not isinstance(value, str):
        return _callable(value, _kind(value))
    if not all(part.isidentifier() for part in value.split(".")):
        raise DeclarationError(f"{value!r} is not a dotted path")
    try:
        return _callable(import_string(value), repr(value))
    except ImportError as error:
        raise DeclarationError(f"{value!r} cannot be imported: {error}") from None


def choice(what: str, value: object, known: Iterable[str]) -> str:
    """One of the known names."""
    if not isinstance(value, str) or value not in known:
        raise DeclarationError(f"unknown {what} {value!r}, known are {', '.join(known)}")
    return value


def mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DeclarationError(f"must be a dict, not {_kind(value)}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise DeclarationError(f"must be a text, not {_kind(value)}")
    if not value:
        raise DeclarationError("an empty text")
    return value


def _callable(value: object, name: str) -> Callable[..., Any]:
    if not callable(value):
        raise DeclarationError(f"{name} cannot be called")
    return value


def _kind(value: object) -> str:
    return type(value).__name__
