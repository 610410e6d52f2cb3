"""The labels of a request: from fixed sets, so that nobody's address or measurement is one."""

from functools import lru_cache
from typing import Final

from django.http import HttpRequest

from predictions.profiling import BUSY, MIXED, NO_VIEW, TOOL_TAKEN

OTHER: Final = "other"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Many pages each, which nobody alerts on.
_GROUPS: Final = ("admin/", "silk/")
# In predictions they are sentences.
NOT_PROFILED: Final = {
    BUSY: "busy",
    TOOL_TAKEN: "tool_taken",
    MIXED: "mixed",
    NO_VIEW: "no_view",
}


def path_of(request: HttpRequest) -> str:
    """The URL pattern that answered, never what was asked for: ``/predict``, ``other``."""
    match = request.resolver_match
    return OTHER if match is None else path_of_route(match.route)


@lru_cache(maxsize=1024)
def path_of_route(route: str) -> str:
    """``route`` as Django's resolver has it, without its first slash."""
    group = next((group for group in _GROUPS if route.startswith(group)), route)
    return f"/{group}"


def method_of(request: HttpRequest) -> str:
    """A client may send any word as a method."""
    method = request.method
    return method if method in METHODS else OTHER
