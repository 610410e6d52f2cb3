"""The one set of rules for a patient's 14 values.

The form, the serializer and the batch all call this module; nobody else knows a
rule. A refusal is data, not an exception's text: health data must not reach a
traceback.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from predictions.arrays import FloatArray
from predictions.features import BY_NAME, FEATURES, INDEX, NAMES, Feature, Kind

UNKNOWN: Final = math.nan
LONGEST_VALUE: Final = 32
LONGEST_FIELD: Final = 64
# A body may hold thousands of unknown fields; its answer must stay readable.
MOST_UNKNOWN_FIELDS: Final = 20

# The API's schema publishes this same pattern. ASCII digits only, one decimal point or comma.
NUMBER_PATTERN: Final = r"[ \t]*[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?[ \t]*"
_NUMBER: Final = re.compile(NUMBER_PATTERN)
_LONGEST_NUMBER: Final = 64
_NOT_FINITE: Final = frozenset({"nan", "inf", "infinity"})

_SENTENCES: Final[dict[str, str]] = {
    "required": gettext_noop("%(field)s is required."),
    "unknown_field": gettext_noop("%(field)s is not a field known here."),
    "repeated_field": gettext_noop("%(field)s is given more than once."),
    "not_an_object": gettext_noop("The %(field)s must be an object of named values."),
    "not_a_list": gettext_noop("%(field)s must be a list of objects."),
    "empty": gettext_noop("The %(field)s is empty."),
    "not_utf8": gettext_noop("The %(field)s is not UTF-8."),
    "not_json": gettext_noop("The %(field)s is not valid JSON from character %(value)s on."),
    "not_a_form": gettext_noop("The %(field)s is not a readable form."),
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
        "%(field)s: %(value)s a day contradicts CURRENT_SMOKER, which is 0."
    ),
}


class RepeatedKeys(dict[str, object]):
    """An object whose text gave a key more than once; ``repeated`` names those keys."""

    def __init__(self, values: Mapping[str, object], repeated: tuple[str, ...]) -> None:
        super().__init__(values)
        self.repeated = repeated


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
        sentence = _(_SENTENCES[self.reason]) % {**named, "limit": limit, "unit": self._unit()}
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """``values`` (14,), NaN where unknown, or None with the refusals."""

    values: FloatArray | None
    refusals: tuple[Refusal, ...] = ()


def validate_row(row: Mapping[str, object]) -> Verdict:
    """Judges one patient's values: JSON values, or the strings of a form.

    Numbers may be numeric strings, with one decimal comma or point. An absent
    field, null and an empty string all mean unknown.
    """
    refusals = _misnamed(row)
    numbers = []
    for feature in FEATURES:
        number = _read(feature, row.get(feature.name))
        if isinstance(number, Refusal):
            refusals.append(number)
            number = UNKNOWN
        numbers.append(number)
    refusals += _contradictions(numbers, row)
    if refusals:
        return Verdict(None, tuple(refusals))
    return Verdict(np.array(numbers, dtype=np.float64))


def not_an_object(field: str, value: object) -> Refusal:
    """The refusal of a body or a batch's row that is no JSON object."""
    return Refusal(field, "not_an_object", shown(value))


def as_input_data(values: FloatArray) -> dict[str, float | None]:
    """The 14 values by name, None where unknown: what the log keeps."""
    known = (None if math.isnan(value) else value for value in values.tolist())
    return dict(zip(NAMES, known, strict=True))


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


def _misnamed(row: Mapping[str, object]) -> list[Refusal]:
    repeated = row.repeated if isinstance(row, RepeatedKeys) else ()
    refusals = [Refusal(shown(name, LONGEST_FIELD), "repeated_field") for name in repeated]
    if row.keys() <= INDEX.keys():
        return refusals
    unknown = [name for name in row if name not in INDEX][:MOST_UNKNOWN_FIELDS]
    return refusals + [
        Refusal(shown(name, LONGEST_FIELD), "unknown_field", shown(row[name])) for name in unknown
    ]


def _read(feature: Feature, given: object) -> float | Refusal:
    if given is None or (isinstance(given, str) and not given.strip(" \t")):
        return UNKNOWN if feature.unknown_allowed else Refusal(feature.name, "required")
    number = _as_number(given)
    if number is None:
        return Refusal(feature.name, "not_a_number", shown(given))
    if not math.isfinite(number):
        return Refusal(feature.name, "not_finite", shown(given))
    if feature.kind is Kind.CHOICE:
        return number if number in (0, 1) else Refusal(feature.name, "not_a_choice", shown(given))
    if feature.low <= number <= feature.high:
        return number
    return _outside(feature, number, shown(given))


def _as_number(given: object) -> float | None:
    """None when it is no number; infinite or NaN when it is one that no patient has."""
    if isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        try:
            return float(given)
        except OverflowError:
            return math.inf
    if not isinstance(given, str) or len(given) > _LONGEST_NUMBER:
        return None
    if _NUMBER.fullmatch(given):
        return float(given.replace(",", "."))
    return UNKNOWN if given.strip(" \t+-").lower() in _NOT_FINITE else None


def _outside(feature: Feature, number: float, given: str) -> Refusal:
    if number > feature.high:
        return Refusal(feature.name, "above_limit", given, feature.high, feature.unit)
    if feature.mmol_per_mg is not None:
        converted = number / feature.mmol_per_mg
        if number >= 1 and converted <= feature.high:
            return Refusal(
                feature.name, "looks_like_mmol", given, feature.low, feature.unit, converted
            )
    return Refusal(feature.name, "below_limit", given, feature.low, feature.unit)


def _contradictions(numbers: list[float], row: Mapping[str, object]) -> list[Refusal]:
    """The rules across fields. NaN, unknown or refused, contradicts nothing."""
    refusals = []
    systolic = numbers[INDEX["SYS_BP"]]
    if numbers[INDEX["DIA_BP"]] >= systolic:
        given, unit = shown(row["DIA_BP"]), BY_NAME["DIA_BP"].unit
        refusals.append(Refusal("DIA_BP", "not_below_systolic", given, systolic, unit))
    if numbers[INDEX["CIGS_PER_DAY"]] > 0 and numbers[INDEX["CURRENT_SMOKER"]] == 0:
        given = shown(row["CIGS_PER_DAY"])
        refusals.append(Refusal("CIGS_PER_DAY", "smoking_contradiction", given))
    return refusals
