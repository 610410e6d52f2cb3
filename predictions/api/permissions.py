"""Who may predict."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


def may_predict(request: HttpRequest | Request) -> bool:
    """Everybody where PUBLIC_PREDICTIONS says so, otherwise who is signed in."""
    return settings.PUBLIC_PREDICTIONS or request.user.is_authenticated


class CanPredict(BasePermission):
    """``may_predict`` for the API's views."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_predict(request)
