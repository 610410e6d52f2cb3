"""/predict and /predict_proba."""

from abc import ABC, abstractmethod
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.fields import empty
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request

from predictions.api.answers import as_warning
from predictions.api.base import ApiView, answer_in_json
from predictions.api.bodies import LARGEST_PATIENT, body_of
from predictions.api.exceptions import Refused
from predictions.api.json import OrjsonParser
from predictions.api.permissions import CanPredict
from predictions.api.schema import predict_docs, predict_proba_docs
from predictions.api.serializers import PatientSerializer
from predictions.arrays import FloatArray
from predictions.profiled import profiled
from predictions.recorded import predict_recorded
from predictions.risk.prediction import Prediction
from predictions.transaction import transaction_of
from predictions.validation.row import Refusal, not_an_object, shown, validate_row


class _PatientView(ApiView, ABC):
    """Answers of one patient's 14 values."""

    permission_classes = (CanPredict,)
    # The forms are for the browsable API.
    parser_classes = (OrjsonParser, FormParser, MultiPartParser)
    sent: object = None

    def get_serializer(self, data: object = empty) -> PatientSerializer:
        """The browsable API's hook for its form."""
        return PatientSerializer(data=data)

    def filled_form(self) -> PatientSerializer | None:
        """The browsable API's form with what was sent; None where that could not be read."""
        return None if self.sent is None else self.get_serializer(self.sent)

    def post(self, request: Request) -> HttpResponseBase:
        return answer_in_json(request, self._answered(request))

    @profiled
    def _answered(self, request: Request) -> dict[str, Any]:
        refuse_explanation(request)
        self.sent = body_of(request, LARGEST_PATIENT)
        values = _values_of(self.sent)
        transaction = transaction_of(request._request)
        prediction = predict_recorded(values, transaction)
        return {"transaction_id": transaction.id, **self.answer(prediction)}

    @abstractmethod
    def answer(self, prediction: Prediction) -> dict[str, Any]:
        """What is answered beside the transaction's id."""


@predict_docs
class PredictView(_PatientView):
    """The 10-year risk of coronary heart disease of one person."""

    def answer(self, prediction: Prediction) -> dict[str, Any]:
        return {
            "prediction": prediction.prediction,
            "result": prediction.result,
            "probability": prediction.probability,
            "risk_band": prediction.risk_band,
            "threshold": prediction.threshold,
            "message": prediction.message(),
            "imputed": prediction.imputed,
            "warnings": [as_warning(warning) for warning in prediction.warnings],
            "model_version": prediction.model_version,
        }


@predict_proba_docs
class PredictProbaView(_PatientView):
    """The probabilities of both outcomes of one person."""

    def answer(self, prediction: Prediction) -> dict[str, Any]:
        probability = prediction.probability
        return {
            "probabilities": {"NO": 1 - probability, "YES": probability},
            "model_version": prediction.model_version,
        }


def _values_of(body: object) -> FloatArray:
    """(14,), NaN where unknown. Raises ``Refused``."""
    if not isinstance(body, dict):
        raise Refused.of(not_an_object("body", body))
    verdict = validate_row(body)
    if verdict.values is None:
        raise Refused(verdict.refusals)
    return verdict.values


def refuse_explanation(request: Request) -> None:
    """Until there are explanations ``?explain=true`` is refused, not silently ignored."""
    if not request._request.META.get("QUERY_STRING"):
        return
    asked = request.query_params.get("explain", "false")
    if asked.lower() not in {"", "0", "false"}:
        raise Refused.of(Refusal("explain", "not_available", shown(asked)))
