"""The form, the serializer and the batch judge and predict the same row alike."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.api.serializers import PatientSerializer
from predictions.arrays import FloatArray
from predictions.page.forms import PatientForm
from predictions.risk.predictor import get_predictor
from predictions.validation.batch import validate_rows
from predictions.validation.row import Refusal, validate_row
from tests.predictions.strategies import (
    ANYTHING,
    near_patients,
    numbers_at_the_limits,
    right_values,
    typed_patients,
)

Judged = tuple[list[float] | None, Sequence[Refusal]]


def alike(values: FloatArray | None, refusals: Sequence[Refusal]) -> Judged:
    """A verdict that can be compared: NaN, unknown, as -1, which no input can be."""
    known = None if values is None else np.nan_to_num(values, nan=-1).tolist()
    return known, tuple(refusals)


def by_row(row: dict[str, Any]) -> Judged:
    verdict = validate_row(row)
    return alike(verdict.values, verdict.refusals)


def by_serializer(row: dict[str, Any]) -> Judged:
    serializer = PatientSerializer(data=row)
    values = serializer.values if serializer.is_valid() else None
    return alike(values, serializer.refusals)


def by_batch(rows: list[Any]) -> list[Judged]:
    verdict = validate_rows(rows)
    accepted = dict(zip(verdict.positions.tolist(), verdict.matrix, strict=True))
    return [alike(accepted.get(at), verdict.refusals.get(at, ())) for at in range(len(rows))]


def by_form(row: dict[str, str]) -> Judged:
    form = PatientForm(row, ranges={})
    form.is_valid()
    return alike(form.verdict.values, form.verdict.refusals)


def with_care(row: dict[str, Any]) -> Judged:
    """By the rules that read and explain: another kind of mapping is never plainly right."""
    verdict = validate_row(MappingProxyType(row))
    return alike(verdict.values, verdict.refusals)


@settings(max_examples=1000)
@given(near_patients | right_values | numbers_at_the_limits)
def test_a_row_is_judged_quickly_as_it_is_with_care(row: dict[str, Any]) -> None:
    assert by_row(row) == with_care(row)


@settings(max_examples=500)
@given(near_patients | right_values)
def test_the_serializer_judges_as_the_rules_do(row: dict[str, Any]) -> None:
    assert by_serializer(row) == by_row(row)


@settings(max_examples=500)
@given(st.lists(near_patients | right_values, max_size=6))
def test_the_batch_judges_as_the_rules_do(rows: list[dict[str, Any]]) -> None:
    assert by_batch(rows) == [by_row(row) for row in rows]


@given(st.lists(near_patients | ANYTHING, max_size=6))
def test_a_row_that_is_no_object_does_not_change_the_others(rows: list[Any]) -> None:
    judged = [by_batch([row])[0] for row in rows]
    assert by_batch(rows) == judged


@settings(max_examples=300)
@given(typed_patients())
def test_the_form_judges_as_the_rules_do(row: dict[str, str]) -> None:
    assert by_form(row) == by_row(row)


@given(st.lists(right_values, min_size=1, max_size=6))
def test_a_batch_predicts_what_each_row_gets_alone(rows: list[dict[str, Any]]) -> None:
    verdict = validate_rows(rows)
    alone = [get_predictor().predict(values).probability for values in verdict.matrix]
    together = get_predictor().predict_many(verdict.matrix).probability
    np.testing.assert_array_equal(together, alone)
