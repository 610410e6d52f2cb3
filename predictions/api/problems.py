"""Errors in one shape: problem details (RFC 9457)."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from predictions.api.bodies import as_api_exception
from predictions.api.exceptions import Refused
from predictions.api.json import PROBLEM_TYPE, dumps
from predictions.risk.predictor import ModelError
from predictions.transaction import started_transaction, transaction_of
from predictions.validation.row import Refusal


def problem(
    request: HttpRequest, status: int, detail: str, refusals: Sequence[Refusal] = ()
) -> dict[str, Any]:
    """The document. A 400 has its ``errors``; a logged request has its ``transaction_id``."""
    document: dict[str, Any] = {
        # No page of its own: the title is the status code's (RFC 9457, section 4.2.1).
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    if refusals:
        document["errors"] = [refusal.as_error() for refusal in refusals]
    transaction = started_transaction(request)
    if transaction is not None:
        document["transaction_id"] = transaction.id
    return document


def problem_response(
    request: HttpRequest, status: int, detail: str, refusals: Sequence[Refusal] = ()
) -> HttpResponse:
    """The document as an answer, for views outside DRF."""
    body = dumps(problem(request, status, detail, refusals))
    return HttpResponse(body, status=status, content_type=PROBLEM_TYPE)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. None, for what nobody foresaw, is Django's 500."""
    set_rollback()
    request: HttpRequest = context["request"]._request
    if isinstance(error, ModelError):
        # Its sentences name files and versions, never a patient's values.
        return Response(problem(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error)), 503)
    known = _as_api_exception(error)
    if isinstance(known, Refused):
        return _refusal(request, known)
    if known is None:
        return None
    return Response(
        problem(request, known.status_code, str(known.detail)),
        status=known.status_code,
        headers=_headers(known),
    )


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    body_error = as_api_exception(error)
    if body_error is None and isinstance(error, exceptions.APIException):
        return error
    return body_error


def _refusal(request: HttpRequest, error: Refused) -> Response:
    transaction = transaction_of(request)
    transaction.invalid_input = [refusal.as_log() for refusal in error.refusals]
    detail = " ".join(refusal.text() for refusal in error.refusals)
    document = problem(request, error.status_code, detail, error.refusals)
    return Response(document, status=error.status_code)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    # DRF's views set these two on the exception itself.
    headers = {"WWW-Authenticate": "auth_header", "Retry-After": "wait"}
    given = vars(error)
    return {name: str(given[key]) for name, key in headers.items() if given.get(key)}
