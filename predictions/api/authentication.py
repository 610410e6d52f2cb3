"""Who asks, by a token."""

from typing import Any

from rest_framework.authentication import TokenAuthentication
from rest_framework.request import Request


class Token(TokenAuthentication):
    """DRF's; where no token was sent, it does not make an object of all headers to see that."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        if "HTTP_AUTHORIZATION" not in request._request.META:
            return None
        return super().authenticate(request)
