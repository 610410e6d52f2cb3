"""/predict and /predict_proba."""

from abc import ABC, abstractmethod
from typing import Any

from rest_framework.fields import empty
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.serializer_helpers import ReturnDict
from rest_framework.views import APIView

from predictions.api.answers import as_warning
from predictions.api.bodies import LARGEST_PATIENT, body_of
from predictions.api.exceptions import Refused
from predictions.api.json import OrjsonParser
from predictions.api.permissions import CanPredict
from predictions.api.schema import predict_docs, predict_proba_docs
from predictions.api.serializers import PatientSerializer
from predictions.recorded import predict_recorded
from predictions.risk.prediction import Prediction
from predictions.transaction import transaction_of
from predictions.validation.row import Refusal, shown


class _PatientView(APIView, ABC):
    """Answers of one patient's 14 values."""

    permission_classes = (CanPredict,)
    # The forms are for the browsable API.
    parser_classes = (OrjsonParser, FormParser, MultiPartParser)

    def get_serializer(self, data: object = empty) -> PatientSerializer:
        """The browsable API's hook for its form."""
        return PatientSerializer(data=data)

    def post(self, request: Request) -> Response:
        refuse_explanation(request)
        serializer = PatientSerializer(data=body_of(request, LARGEST_PATIENT))
        if not serializer.is_valid():
            raise Refused(serializer.refusals, serializer)
        transaction = transaction_of(request._request)
        prediction = predict_recorded(serializer.values, transaction)
        answer = {"transaction_id": transaction.id, **self.answer(prediction)}
        return Response(ReturnDict(answer, serializer=serializer))

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


def refuse_explanation(request: Request) -> None:
    """Until there are explanations ``?explain=true`` is refused, not silently ignored."""
    asked = request.query_params.get("explain", "false")
    if asked.lower() not in {"", "0", "false"}:
        raise Refused.of(Refusal("explain", "not_available", shown(asked)))
