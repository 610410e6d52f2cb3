"""Errors that Django answers itself: a page for browsers, problem details for everyone else."""

import logging
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from predictions.api.problems import problem_response
from predictions.transaction import transaction_of

_log: Final = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``: a host not ours, a malformed cookie or form."""
    return _answer(request, HTTPStatus.BAD_REQUEST, _("This request cannot be answered."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler403``."""
    return _answer(request, HTTPStatus.FORBIDDEN, _("You may not see this."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``."""
    detail = _("The form has expired, or cookies are blocked. Reload the page and send it again.")
    return _answer(request, HTTPStatus.FORBIDDEN, detail, "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler404``."""
    return _answer(request, HTTPStatus.NOT_FOUND, _("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``: the id, by which the log finds it, and nothing of the exception."""
    transaction = transaction_of(request)
    _log.error("Transaction %s ended in an unforeseen error", transaction.id)
    detail = _("Something went wrong here. It has been logged.")
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def _answer(
    request: HttpRequest, status: HTTPStatus, detail: str, template: str = ""
) -> HttpResponse:
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, template or f"{status:d}.html", {"detail": detail}, status=status)
    return problem_response(request, status, detail)
