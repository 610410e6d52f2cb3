"""The shapes of the answers, for the OpenAPI schema only: answering does not go through them."""

from typing import Any, Final

from drf_spectacular.utils import (
    PolymorphicProxySerializer,
    extend_schema_field,
    inline_serializer,
)
from rest_framework import serializers

from predictions.features import NAMES
from predictions.validation.refusal import LONGEST_FIELD, LONGEST_VALUE

_RESULTS: Final = ["NO", "YES"]


class WarningSerializer(serializers.Serializer[Any]):
    """A value outside what the model was trained on."""

    field = serializers.ChoiceField(choices=NAMES)
    value = serializers.FloatField()
    low = serializers.FloatField(help_text="Least value seen in training.")
    high = serializers.FloatField(help_text="Greatest value seen in training.")
    unit = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(help_text="The same in a sentence.")


class EstimateSerializer(serializers.Serializer[Any]):
    """What the model says of one person."""

    transaction_id = serializers.UUIDField(help_text="Its entry in the log has the same id.")
    prediction = serializers.ChoiceField(
        choices=[0, 1], help_text="1 where the probability reaches the threshold."
    )
    result = serializers.ChoiceField(choices=_RESULTS, help_text="The prediction in a word.")
    probability = serializers.FloatField(
        min_value=0, max_value=1, help_text="Of coronary heart disease within 10 years."
    )
    risk_band = serializers.CharField(help_text="Key of a band of the model's manifest.")
    imputed = serializers.DictField(
        child=serializers.FloatField(),
        help_text="The value that each unknown field was given; empty when all were known.",
    )
    warnings = WarningSerializer(many=True)


class PredictionSerializer(EstimateSerializer):
    """The answer of /predict."""

    threshold = serializers.FloatField(min_value=0, max_value=1)
    message = serializers.CharField(help_text="One sentence, in the language asked for.")
    model_version = serializers.CharField()


class OutcomesSerializer(serializers.Serializer[Any]):
    """The probabilities of both outcomes; they sum to 1."""

    NO = serializers.FloatField(min_value=0, max_value=1)
    YES = serializers.FloatField(min_value=0, max_value=1)


class ProbabilitiesSerializer(serializers.Serializer[Any]):
    """The answer of /predict_proba."""

    transaction_id = serializers.UUIDField(help_text="Its entry in the log has the same id.")
    probabilities = OutcomesSerializer()
    model_version = serializers.CharField()


class FieldErrorSerializer(serializers.Serializer[Any]):
    """Why one field was refused."""

    field = serializers.CharField(
        max_length=LONGEST_FIELD, help_text="`body` where the body itself is at fault."
    )
    value = serializers.CharField(
        max_length=LONGEST_VALUE, allow_blank=True, help_text="As given, shortened."
    )
    reason = serializers.CharField(help_text="A code for programs: `above_limit`.")
    limit = serializers.FloatField(allow_null=True, help_text="The limit that was passed.")
    unit = serializers.CharField(allow_blank=True, help_text="Of the limit.")
    detail = serializers.CharField(help_text="The same in a sentence, in the language asked for.")


# ``errors`` is a property of DRF's serializers, so that the next three are not classes.
RefusedRow: Final = inline_serializer(
    "RefusedRow",
    {
        "transaction_id": serializers.UUIDField(),
        "errors": FieldErrorSerializer(many=True),
    },
)


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="BatchRow",
        serializers=[EstimateSerializer, RefusedRow],
        resource_type_field_name=None,
        many=True,
    )
)
class _RowsField(serializers.ListField):
    """An estimate or a refusal for each row."""


BatchAnswer: Final = inline_serializer(
    "BatchAnswer",
    {
        "batch_id": serializers.UUIDField(help_text="The transaction's id, shared by the rows."),
        "model_version": serializers.CharField(),
        "threshold": serializers.FloatField(min_value=0, max_value=1),
        "rows": serializers.IntegerField(min_value=1, help_text="Rows sent."),
        "errors": serializers.IntegerField(min_value=0, help_text="Rows refused."),
        "results": _RowsField(help_text="In the order of the instances."),
    },
)
# Problem details (RFC 9457): the one shape of every error.
Problem: Final = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(help_text="The status code's name."),
        "status": serializers.IntegerField(min_value=400, max_value=599),
        "detail": serializers.CharField(help_text="What is wrong, in the language asked for."),
        "instance": serializers.CharField(help_text="The path."),
        "errors": FieldErrorSerializer(many=True, required=False),
        "transaction_id": serializers.UUIDField(required=False),
    },
)


class CheckSerializer(serializers.Serializer[Any]):
    """What one health check found."""

    status = serializers.ChoiceField(choices=["ok", "failing"])
    duration_ms = serializers.FloatField(min_value=0)
    detail = serializers.CharField(allow_blank=True)


class HealthSerializer(serializers.Serializer[Any]):
    """The answer of /health and /health/ready."""

    status = serializers.ChoiceField(choices=["ok", "degraded", "failing"])
    version = serializers.CharField()
    checks = serializers.DictField(child=CheckSerializer())


class LiveSerializer(serializers.Serializer[Any]):
    """The answer of /health/live."""

    status = serializers.ChoiceField(choices=["ok"])
