"""The form page at ``/``: a full page, or for htmx only what changed on it."""

import json
from typing import Final

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from predictions.api.permissions import may_predict
from predictions.api.root import root
from predictions.page.forms import PatientForm, Ranges
from predictions.page.presentation import Result
from predictions.profiled import profiled
from predictions.recorded import predict_recorded
from predictions.risk.predictor import ModelError, get_predictor
from predictions.transaction import transaction_of

# A refused form (422) and a missing model (503) carry the page's own parts. Any other error
# is a whole page, of which the message is shown where the result would be.
HTMX_CONFIG: Final = json.dumps(
    {
        "allowEval": False,
        "includeIndicatorStyles": False,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..|422|503", "swap": True},
            {"code": "...", "swap": True, "select": "#message", "ignoreTitle": True, "error": True},
        ],
    }
)


@require_http_methods(["GET", "HEAD", "POST"])
@profiled
def home(request: HttpRequest) -> HttpResponse:
    """The form and its result; for a client that does not ask for HTML, the API's root."""
    response = _answer_to(request)
    patch_vary_headers(response, ("Accept", "HX-Request"))
    return response


def _answer_to(request: HttpRequest) -> HttpResponse:
    if request.method != "POST" and not _wants_page(request):
        return root(request)
    if not may_predict(request):
        return _sign_in(request)
    if request.method == "POST":
        return _result(request)
    return _page(request, PatientForm(ranges=_ranges()))


def _wants_page(request: HttpRequest) -> bool:
    # curl's */* means anything: it gets the JSON.
    return "text/html" in request.headers.get("Accept", "")


def _sign_in(request: HttpRequest) -> HttpResponse:
    if _is_htmx(request):
        return render(request, "403.html", status=403)
    return redirect_to_login("/")


def _result(request: HttpRequest) -> HttpResponse:
    form = PatientForm(request.POST, ranges=_ranges())
    transaction = transaction_of(request)
    form.is_valid()
    if form.verdict.values is None:
        transaction.invalid_input = [refusal.as_log() for refusal in form.verdict.refusals]
        return _page(request, form, status=422)
    try:
        prediction = predict_recorded(form.verdict.values, transaction)
    except ModelError as error:
        return _page(request, form, status=503, unavailable=str(error))
    result = Result(prediction, get_predictor().manifest, transaction.id)
    return _page(request, form, result=result)


def _page(
    request: HttpRequest, form: PatientForm, *, status: int = 200, **context: object
) -> HttpResponse:
    template = "predictions/answer.html" if _is_htmx(request) else "predictions/home.html"
    context = {**context, "form": form, "htmx_config": HTMX_CONFIG}
    return render(request, template, context, status=status)


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _ranges() -> Ranges:
    """What the model was trained on, for the hints; nothing where there is no model."""
    try:
        return get_predictor().manifest.training_ranges
    except ModelError:
        return {}
