"""/metrics: for Prometheus, which sends a token, for staff, or for everybody."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from monitoring.metrics.collector import StateCollector
from predictions.api.problems import problem_response

# One, so that a reader that hangs is not asked again by each scrape.
_STATE: Final = StateCollector()


class _BearerAuthentication(TokenAuthentication):
    """The same tokens, as RFC 6750 and Prometheus write them."""

    keyword = "Bearer"


class RequestFiles(Collector):
    """What all processes have counted, those that have ended too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> list[Metric]:
        # One that has just been made is empty for a moment.
        files = [str(path) for path in self._folder.glob("*.db") if path.stat().st_size]
        return list(MultiProcessCollector.merge(files))


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format or OpenMetrics, as the client accepts."""
    refusal = None if settings.PUBLIC_METRICS else _refusal(request)
    if refusal is not None:
        return refusal
    registry = CollectorRegistry()
    registry.register(RequestFiles(settings.PROMETHEUS_DIR))
    registry.register(_STATE)
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    answer = HttpResponse(encode(registry), content_type=content_type)
    answer["Cache-Control"] = "no-store"
    return answer


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """401 for who has not said who they are, 403 for who is not staff."""
    try:
        user = _token_user(request) or request.user
        known = user.is_authenticated
    except AuthenticationFailed as error:
        return _unauthorized(request, str(error.detail))
    except DatabaseError:
        return problem_response(request, 503, _("The database cannot say who you are."))
    if not known:
        return _unauthorized(request, _("Sign in as staff, or send a token of a member of staff."))
    return None if user.is_staff else problem_response(request, 403, _("This is for staff."))


def _token_user(request: HttpRequest) -> User | None:
    for kind in (TokenAuthentication, _BearerAuthentication):
        found = kind().authenticate(Request(request))
        if found is not None:
            user: User = found[0]
            return user
    return None


def _unauthorized(request: HttpRequest, detail: str) -> HttpResponse:
    answer = problem_response(request, 401, detail)
    answer["WWW-Authenticate"] = _BearerAuthentication.keyword
    return answer
