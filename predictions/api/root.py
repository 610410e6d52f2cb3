"""``GET /`` for a client that does not ask for HTML: what this is, and where the rest is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from predictions.api.json import dumps

_LINKS = {
    "predict": "/predict",
    "predict_proba": "/predict_proba",
    "predict_batch": "/predict_batch",
    "health": "/health",
    "schema": "/api/schema/",
    "docs": "/api/docs/",
}


def root_document(request: HttpRequest) -> dict[str, Any]:
    """Name, version and absolute links."""
    return {
        "name": settings.SPECTACULAR_SETTINGS["TITLE"],
        "version": settings.SPECTACULAR_SETTINGS["VERSION"],
        "links": {name: request.build_absolute_uri(path) for name, path in _LINKS.items()},
    }


def root(request: HttpRequest) -> HttpResponse:
    """The document as an answer."""
    return HttpResponse(dumps(root_document(request)), content_type="application/json")
