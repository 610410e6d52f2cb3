"""/predict_batch: many people at once, each row answered by itself, in order."""

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from predictions.api.base import ApiView
from predictions.api.batch_rows import BatchRows, LazyRows, random_ids
from predictions.api.bodies import body_of
from predictions.api.exceptions import Refused, TooLarge
from predictions.api.permissions import CanPredict
from predictions.api.schema import predict_batch_docs
from predictions.api.serializers import BatchSerializer
from predictions.api.views import refuse_explanation
from predictions.profiled import profiled
from predictions.recorded import predict_many_recorded
from predictions.transaction import BatchRecord, transaction_of
from predictions.validation.batch import validate_rows
from predictions.validation.row import Refusal, RepeatedKeys, not_an_object, shown, shown_name

# A row with every value written out to the last digit.
LARGEST_ROW: Final = 1024


@predict_batch_docs
class PredictBatchView(ApiView):
    """The 10-year risks of many people; a row that is refused does not stop the others."""

    permission_classes = (CanPredict,)

    def get_serializer(self) -> BatchSerializer:
        """The browsable API's hook for its raw form."""
        return BatchSerializer()

    @profiled
    def post(self, request: Request) -> Response:
        refuse_explanation(request)
        rows = _instances(body_of(request, LARGEST_ROW * (settings.BATCH_MAX_ROWS + 1)))
        verdict = validate_rows(rows)
        transaction = transaction_of(request._request)
        predictions = predict_many_recorded(verdict.matrix, transaction)
        answered = BatchRows(verdict, predictions, random_ids(len(rows)))
        transaction.batch = _record(transaction.id, answered)
        answer = {
            "batch_id": transaction.id,
            "model_version": predictions.manifest.model_version,
            "threshold": predictions.manifest.threshold,
            "rows": len(rows),
            "errors": len(verdict.refusals),
            "results": answered.results(),
        }
        return Response(answer)


def _record(batch_id: str, answered: BatchRows) -> BatchRecord:
    probability = answered.predictions.probability
    return BatchRecord(
        batch_id=batch_id,
        rows=LazyRows(answered.log_rows),
        errors=len(answered.verdict.refusals),
        mean_probability=float(probability.mean()) if len(probability) else None,
    )


def _instances(body: object) -> list[object]:
    """The rows of the body. Raises ``Refused`` or ``TooLarge``."""
    if not isinstance(body, dict):
        raise Refused.of(not_an_object("body", body))
    repeated = body.repeated if isinstance(body, RepeatedKeys) else ()
    refusals = [Refusal(shown_name(name), "repeated_field") for name in repeated]
    unknown = body.keys() - {"instances"}
    refusals += [Refusal(shown_name(name), "unknown_field") for name in sorted(unknown)[:20]]
    rows = body.get("instances", [])
    if "instances" not in body:
        refusals.append(Refusal("instances", "required"))
    elif rows == []:
        refusals.append(Refusal("instances", "empty"))
    if not isinstance(rows, list):
        refusals.append(Refusal("instances", "not_a_list", shown(rows)))
        rows = []
    if refusals:
        raise Refused(refusals)
    if len(rows) > settings.BATCH_MAX_ROWS:
        raise TooLarge(
            _("A batch may hold %(limit)s rows; this one has %(rows)s.")
            % {"limit": settings.BATCH_MAX_ROWS, "rows": len(rows)}
        )
    return rows
