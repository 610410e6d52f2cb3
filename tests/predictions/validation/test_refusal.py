import pytest
from django.utils import translation

from predictions.validation.refusal import Refusal, shown

ABOVE = Refusal("AGE", "above_limit", "130", 120, "years")


def test_it_says_field_value_limit_and_unit() -> None:
    assert ABOVE.text() == "AGE: 130 is above the highest allowed, 120 years."


def test_it_calls_the_field_as_the_page_does() -> None:
    assert ABOVE.text("Age") == "Age: 130 is above the highest allowed, 120 years."


def test_it_leaves_no_blank_where_there_is_no_unit() -> None:
    assert Refusal("limit", "above_limit", "9", 5).text().endswith("allowed, 5.")


def test_it_shows_a_value_in_the_unit_that_was_meant() -> None:
    refusal = Refusal("TOT_CHOL", "looks_like_mmol", "5.2", 50, "mg/dL", converted=201.08)
    assert refusal.text().endswith("looks like mmol/L; in mg/dL it would be 201.")


def test_it_speaks_french() -> None:
    with translation.override("fr"):
        assert ABOVE.text() != "AGE: 130 is above the highest allowed, 120 years."


def test_the_log_has_the_reason_and_no_sentence() -> None:
    assert ABOVE.as_log() == {"field": "AGE", "value": "130", "reason": "above_limit"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 1000, "x" * 32),
        ("a\x00b\ud800", "a�b�"),
        (None, "null"),
        (True, "true"),
        (26.4, "26.4"),
        (7, "7"),
        (10**400, "a huge integer"),
        ([1, 2], "[…]"),
        ({"a": 1}, "{…}"),
    ],
)
def test_it_shows_a_value_short_and_safe(value: object, text: str) -> None:
    assert shown(value) == text
