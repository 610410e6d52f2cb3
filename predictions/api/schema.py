"""The OpenAPI schema: the patient from the table of inputs, and what each operation answers."""

from typing import Any, Final

from django.conf import settings
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    Direction,
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)

from predictions.api import documents
from predictions.api.permissions import CanPredict
from predictions.api.serializers import EXAMPLE_ROWS, BatchSerializer, PatientSerializer
from predictions.features import EXAMPLE, FEATURES, Feature, Kind
from predictions.validation.row import LONGEST_NUMBER, NUMBER_PATTERN

_PROBLEMS: Final = {
    400: "Refused: `errors` names each field and says why.",
    401: "Sign in, or send a token.",
    403: "Not allowed, or a session without its CSRF token.",
    406: "No such format here.",
    409: "A log pipeline reads the stream from Redis.",
    411: "The body's length is not declared.",
    413: "The body, or the batch, is too large.",
    415: "Not JSON, compressed, or not UTF-8.",
    503: "The model cannot be used; no number is better than a wrong one.",
}
_SUMMARIES: Final = {
    "predict": "The risk of one person",
    "predict_proba": "Both probabilities of one person",
    "predict_batch": "The risks of many people",
    "health": "What works and what is away",
    "health_live": "Does the process answer?",
    "health_ready": "Should requests be sent here?",
    "logs": "The latest transactions",
    "clear_logs": "Empty the window of the latest transactions",
    "log_stats": "The latest transactions in numbers",
    "log_stream": "What waits for delivery",
    "acknowledge_log": "Trim what has been delivered",
}
_PREDICTING: Final = (400, 401, 403, 406, 411, 413, 415, 503)


def patient_schema() -> dict[str, Any]:
    """One patient's 14 values, as JSON Schema 2020-12."""
    return {
        "type": "object",
        "title": "Patient",
        "description": (
            "Numbers, or the same as text. What may be unknown is null, empty or left out. "
            "DIA_BP is below SYS_BP; CIGS_PER_DAY above 0 needs CURRENT_SMOKER 1."
        ),
        "properties": {feature.name: _property(feature) for feature in FEATURES},
        "required": [feature.name for feature in FEATURES if not feature.unknown_allowed],
        "additionalProperties": False,
    }


def _property(feature: Feature) -> dict[str, Any]:
    number: dict[str, Any] = {"type": "number", "minimum": feature.low, "maximum": feature.high}
    if feature.kind is Kind.CHOICE:
        number = {"type": "number", "enum": [0, 1]}
    pattern = NUMBER_PATTERN
    kinds: list[dict[str, Any]] = [number]
    if feature.unknown_allowed:
        pattern = rf"{NUMBER_PATTERN}|[ \t]*"
        kinds.append({"type": "null"})
    kinds.append({"type": "string", "pattern": f"^(?:{pattern})$", "maxLength": LONGEST_NUMBER})
    return {
        "title": str(feature.label),
        "description": _description(feature),
        "anyOf": kinds,
        "examples": [feature.example],
        **({"x-unit": feature.unit} if feature.unit else {}),
    }


def _description(feature: Feature) -> str:
    if feature.choices:
        zero, one = feature.choices
        text = f"{feature.label}: 0 {zero}, 1 {one}."
    else:
        text = f"{feature.label}, {feature.low:g} to {feature.high:g} {feature.unit}."
    text = f"{text} {feature.help}".strip()
    return f"{text} May be unknown." if feature.unknown_allowed else text


class SiteSchema(AutoSchema):
    """Sums up each operation, and says that predicting needs no credentials where that is so."""

    def get_summary(self) -> str | None:
        return _SUMMARIES.get(self.get_operation_id())

    def get_auth(self) -> list[dict[str, Any]]:
        auth: list[dict[str, Any]] = super().get_auth()
        if CanPredict in self.view.permission_classes and settings.PUBLIC_PREDICTIONS:
            return [*auth, {}]
        return auth


class _PatientExtension(OpenApiSerializerExtension):
    target_class = PatientSerializer

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        return patient_schema()


class _BatchExtension(OpenApiSerializerExtension):
    target_class = BatchSerializer

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        # Each instance is judged by itself: a wrong one is an error of its row, not of the batch.
        described = "Patients, as /predict takes them. A wrong one is refused by itself."
        instances = {"type": "array", "minItems": 1, "items": {}, "description": described}
        return {
            "type": "object",
            "properties": {"instances": instances},
            "required": ["instances"],
            "additionalProperties": False,
        }


def _responses(answer: object, *problems: int) -> dict[Any, Any]:
    described = {
        (code, "application/problem+json"): OpenApiResponse(documents.Problem, _PROBLEMS[code])
        for code in problems
    }
    return {200: answer, **described}


def operation(
    operation_id: str, tag: str, answer: object, problems: tuple[int, ...], **more: Any
) -> Any:
    """What ``extend_schema`` needs of one operation; ``problems`` are status codes."""
    return extend_schema(
        operation_id=operation_id, tags=[tag], responses=_responses(answer, *problems), **more
    )


def _predicting(operation_id: str, request: type, answer: object, example: object) -> Any:
    return operation(
        operation_id,
        "predictions",
        answer,
        _PREDICTING,
        request={"application/json": request},
        examples=[OpenApiExample("Example", value=example, request_only=True)],
    )


predict_docs: Final = extend_schema_view(
    post=_predicting("predict", PatientSerializer, documents.PredictionSerializer, EXAMPLE)
)
predict_proba_docs: Final = extend_schema_view(
    post=_predicting("predict_proba", PatientSerializer, documents.ProbabilitiesSerializer, EXAMPLE)
)
predict_batch_docs: Final = extend_schema_view(
    post=_predicting(
        "predict_batch",
        BatchSerializer,
        documents.BatchAnswer,
        {"instances": EXAMPLE_ROWS},
    )
)


def health_docs(operation_id: str) -> Any:
    """/health and /health/ready; 503 has the same shape as 200."""
    described = OpenApiResponse(documents.HealthSerializer, "The site cannot predict.")
    responses = {200: documents.HealthSerializer, 503: described}
    return extend_schema_view(
        get=extend_schema(operation_id=operation_id, tags=["health"], responses=responses)
    )


live_docs: Final = extend_schema_view(
    get=operation("health_live", "health", documents.LiveSerializer, ())
)
