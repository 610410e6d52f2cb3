"""Who may see these pages: staff. Entries hold health data, so no cache keeps a page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_only(view: View[P]) -> View[P]:
    """Leads others to sign in; who has signed in and is not staff gets a 403."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = _answer(view, request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def _answer(view: View[P], request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    user = request.user
    if not user.is_authenticated:
        # A page that refreshes itself must not put the sign-in page in its own place.
        if request.headers.get("HX-Request") == "true":
            return render(request, "403.html", status=403)
        return redirect_to_login(request.get_full_path())
    if not user.is_staff:
        raise PermissionDenied
    return view(request, *args, **kwargs)
