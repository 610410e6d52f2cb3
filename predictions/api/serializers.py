"""The patient as a serializer: for the browsable API's form, made from the table of inputs.

A serializer of 14 fields takes longer to validate than the model takes to predict,
and would be a second set of rules; so ``validate_row`` judges, and the fields are
made only when a form is shown.
"""

from collections.abc import Mapping
from typing import Any, Final

from rest_framework import serializers

from predictions.arrays import FloatArray
from predictions.features import EXAMPLE, FEATURES, Feature, Kind
from predictions.validation.row import Refusal, as_input_data, not_an_object, validate_row

# Three rows are enough to show how a batch is written: all known, unknowns, a smoker.
EXAMPLE_ROWS: Final[tuple[dict[str, float | None], ...]] = (
    dict(EXAMPLE),
    {**EXAMPLE, "TOT_CHOL": None, "GLUCOSE": None},
    {**EXAMPLE, "AGE": 61, "GENDER": 1, "CURRENT_SMOKER": 1, "CIGS_PER_DAY": 20},
)


class PatientSerializer(serializers.Serializer[Any]):
    """One patient's 14 values. After ``is_valid()``: ``values`` (14,) or ``refusals``."""

    values: FloatArray
    refusals: tuple[Refusal, ...] = ()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {feature.name: _field(feature) for feature in FEATURES}

    def run_validation(self, data: object = serializers.empty) -> dict[str, float | None]:
        if not isinstance(data, Mapping):
            return self._refuse((not_an_object("body", data),))
        verdict = validate_row(data)
        if verdict.values is None:
            return self._refuse(verdict.refusals)
        self.values = verdict.values
        return as_input_data(verdict.values)

    def _refuse(self, refusals: tuple[Refusal, ...]) -> dict[str, float | None]:
        self.refusals = refusals
        raise serializers.ValidationError({refusal.field: [refusal.text()] for refusal in refusals})


class BatchSerializer(serializers.Serializer[Any]):
    """For the browsable API's raw form only: an example of a batch."""

    instances = serializers.ListField(initial=list(EXAMPLE_ROWS))


def _field(feature: Feature) -> serializers.Field[Any, Any, Any, Any]:
    field: serializers.Field[Any, Any, Any, Any]
    if feature.kind is Kind.CHOICE:
        field = serializers.ChoiceField(choices=list(enumerate(feature.choices or ())))
    else:
        field = serializers.FloatField()
    field.label = str(feature.label)
    field.help_text = _help(feature)
    field.initial = feature.example
    field.required = not feature.unknown_allowed
    field.allow_null = feature.unknown_allowed
    return field


def _help(feature: Feature) -> str:
    limits = f" {feature.low:g} to {feature.high:g} {feature.unit}." if feature.unit else ""
    return f"{feature.name}.{limits} {feature.help}".strip()
