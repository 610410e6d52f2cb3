"""Generated patients: right ones, nearly right ones and nonsense."""

import math
from typing import Any

from hypothesis import strategies as st

from predictions.features import EXAMPLE, FEATURES, NAMES, Feature, Kind


def _right(feature: Feature) -> st.SearchStrategy[Any]:
    """Values that the feature's own limits allow, as JSON or as text."""
    if feature.kind is Kind.CHOICE:
        numbers: st.SearchStrategy[Any] = st.sampled_from([0, 1, 0.0, 1.0])
    else:
        numbers = st.floats(feature.low, feature.high)
    texts = numbers.map(str) | numbers.map(lambda number: str(number).replace(".", ","))
    unknown = st.sampled_from([None, ""]) if feature.unknown_allowed else st.nothing()
    return numbers | texts | unknown


_NUMBERS = st.floats() | st.integers() | st.integers(min_value=2**1024, max_value=2**1030)
_TEXTS = st.text(max_size=40) | st.sampled_from(
    ["", " ", "NaN", "-Infinity", "1e5", "1e999", "1_000", "٣", "12,5", "1,000.5", " 7 ", "5\n"]
)
_NESTED = st.lists(st.integers(), max_size=2) | st.dictionaries(
    st.text(), st.integers(), max_size=2
)
ANYTHING = st.none() | st.booleans() | _NUMBERS | _TEXTS | _NESTED

# Each value is right by itself, so that what is refused breaks a rule across fields.
right_values = st.fixed_dictionaries({feature.name: _right(feature) for feature in FEATURES})


def _at_a_limit(feature: Feature) -> st.SearchStrategy[Any]:
    """The two limits, the numbers next to them, and halves of a choice."""
    limits = [feature.low, feature.high]
    beside = [math.nextafter(limit, to) for limit in limits for to in (-math.inf, math.inf)]
    return st.sampled_from([*limits, *map(float, limits), *beside, 0.5, -0.0, True, None, math.nan])


# The example with one to three numbers where a rule begins or ends.
numbers_at_the_limits = st.lists(
    st.sampled_from(FEATURES).flatmap(
        lambda feature: st.tuples(st.just(feature.name), _at_a_limit(feature))
    ),
    min_size=1,
    max_size=3,
).map(lambda changes: {**EXAMPLE, **dict(changes)})


_ABSENT = object()
_changes = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=5), ANYTHING | st.just(_ABSENT), max_size=3
)


def _changed(changes: dict[str, Any]) -> dict[str, Any]:
    row = {**EXAMPLE, **changes}
    return {name: value for name, value in row.items() if value is not _ABSENT}


# The example with some fields changed, left out or added.
near_patients = _changes.map(_changed)


@st.composite
def typed_patients(draw: st.DrawFn) -> dict[str, str]:
    """What a person may type into the form: text in every field."""
    row = {name: str("" if value is None else value) for name, value in draw(right_values).items()}
    row |= draw(st.dictionaries(st.sampled_from(NAMES), _TEXTS, max_size=2))
    return row
