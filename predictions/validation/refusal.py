"""Why a value was refused: data with a sentence, not an exception's text.

Health data must not reach a traceback, so that a refusal is carried as an attribute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

LONGEST_VALUE: Final = 32
LONGEST_FIELD: Final = 64

SENTENCES: Final[dict[str, str]] = {
    "required": gettext_noop("%(field)s is required."),
    "unknown_field": gettext_noop("%(field)s is not a field known here."),
    "repeated_field": gettext_noop("%(field)s is given more than once."),
    "not_an_object": gettext_noop("The %(field)s must be an object of named values."),
    "not_a_list": gettext_noop("%(field)s must be a list of objects."),
    "empty": gettext_noop("The %(field)s is empty."),
    "not_utf8": gettext_noop("The %(field)s is not UTF-8."),
    "not_json": gettext_noop("The %(field)s is not valid JSON from character %(value)s on."),
    "unreadable": gettext_noop("The %(field)s could not be read."),
    "too_deep": gettext_noop("The %(field)s is nested too deeply."),
    "not_available": gettext_noop("%(field)s is not available yet."),
    "not_whole": gettext_noop("%(field)s: %(value)s is not a whole number."),
    "not_a_level": gettext_noop("%(field)s: %(value)s is none of INFO, WARNING and ERROR."),
    "not_a_stream_id": gettext_noop(
        "%(field)s: %(value)s is not an id of the stream, such as 1764000000000-0."
    ),
    "not_given_out": gettext_noop("%(field)s: the stream never gave out %(value)s."),
    "not_a_number": gettext_noop("%(field)s: %(value)s is not a number."),
    "not_finite": gettext_noop("%(field)s: %(value)s is not a finite number."),
    "not_a_choice": gettext_noop("%(field)s: %(value)s is neither 0 nor 1."),
    "below_limit": gettext_noop(
        "%(field)s: %(value)s is below the lowest allowed, %(limit)s %(unit)s."
    ),
    "above_limit": gettext_noop(
        "%(field)s: %(value)s is above the highest allowed, %(limit)s %(unit)s."
    ),
    "looks_like_mmol": gettext_noop(
        "%(field)s: %(value)s looks like mmol/L; in mg/dL it would be %(converted)s."
    ),
    "not_below_systolic": gettext_noop(
        "%(field)s: the diastolic pressure %(value)s is not below the systolic, %(limit)s %(unit)s."
    ),
    "smoking_contradiction": gettext_noop(
        "%(field)s: %(value)s a day does not fit a person who does not smoke (CURRENT_SMOKER)."
    ),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one field was refused.

    ``reason`` is a machine code, a key of the table of sentences. ``value`` is as
    given, 32 characters at most. ``limit`` is what was passed, in ``unit``.
    ``converted`` is the value in ``unit`` where it seems to be in another one.
    """

    field: str
    reason: str
    value: str = ""
    limit: float | None = None
    unit: str = ""
    converted: float | None = None

    def text(self, name: str = "") -> str:
        """A sentence in the active language; ``name`` is what to call the field."""
        limit = "" if self.limit is None else f"{self.limit:g}"
        converted = "" if self.converted is None else f"{self.converted:.0f}"
        named = {"field": name or self.field, "value": self.value, "converted": converted}
        sentence = _(SENTENCES[self.reason]) % {**named, "limit": limit, "unit": self._unit()}
        # A choice has no unit: no blank before the full stop.
        return sentence.replace(" .", ".")

    def _unit(self) -> str:
        # gettext("") is the catalogue's header.
        return _(self.unit) if self.unit else ""

    def as_error(self) -> dict[str, str | float | None]:
        """One item of the ``errors`` of a problem document."""
        return {
            "field": self.field,
            "value": self.value,
            "reason": self.reason,
            "limit": self.limit,
            "unit": self.unit,
            "detail": self.text(),
        }

    def as_log(self) -> dict[str, str]:
        """One item of the transaction's ``invalid_input``."""
        return {"field": self.field, "value": self.value, "reason": self.reason}


def not_an_object(field: str, value: object) -> Refusal:
    """The refusal of a body or a batch's row that is no JSON object."""
    return Refusal(field, "not_an_object", shown(value))


def shown(value: object, longest: int = LONGEST_VALUE) -> str:
    """A value as the client gave it, short and safe to print, store and encode."""
    if isinstance(value, str):
        # Cut first: a string may have a million characters.
        return "".join(char if char.isprintable() else "\ufffd" for char in value[:longest])
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, int):
        # Writing out a huge integer is slow, and refused by Python above 4,300 digits.
        return str(value)[:longest] if value.bit_length() < 128 else "a huge integer"[:longest]
    return "{…}" if isinstance(value, Mapping) else "[…]"


def shown_name(name: str) -> str:
    """A field's name as the client gave it; never empty, because it is what an error names."""
    return shown(name, LONGEST_FIELD) or '""'
