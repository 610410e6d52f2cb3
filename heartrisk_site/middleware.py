"""Django's middleware, without what a request here never needs (docs/adr/0014-speed.md)."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxMiddleware

from predictions.middleware import LOGGED_PATHS

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# The innermost of those that only browsers pass through.
_LAST: Final = HtmxMiddleware


class BrowserMiddleware:
    """Lets a program's call of the API past the middleware up to htmx's.

    A session, a user, a message: each hangs on a cookie. Without one those layers find
    nothing to do, which costs as much as the model.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.behind = _behind(_LAST, get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_from_program(request):
            return self.behind(request)
        return self.get_response(request)


def is_from_program(request: HttpRequest) -> bool:
    """A call of the API that brings no cookie and asks for no page."""
    meta = request.META
    return (
        not meta.get("HTTP_COOKIE")
        and request.path_info in LOGGED_PATHS
        and "html" not in meta.get("HTTP_ACCEPT", "")
    )


def _behind(last: Any, get_response: Any) -> GetResponse:
    """What the middleware of the class ``last`` calls, somewhere along the chain."""
    # Django wraps each one by functools.wraps, which leaves it in __wrapped__.
    layer = get_response.__wrapped__
    while type(layer) is not last:
        layer = layer.get_response.__wrapped__
    behind: GetResponse = layer.get_response
    return behind


class LanguageMiddleware:
    """Django's LocaleMiddleware without its search for a language in the path: none has one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        headers = response.headers
        if "Accept-Language" not in headers.get("Vary", ""):
            patch_vary_headers(response, ("Accept-Language",))
        headers.setdefault("Content-Language", language)
        return response
