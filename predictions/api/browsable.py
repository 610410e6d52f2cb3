"""The browsable API: the form shows again what was typed."""

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.serializer_helpers import ReturnDict

if TYPE_CHECKING:
    # Which imports this module.
    from rest_framework.views import APIView


@runtime_checkable
class FormView(Protocol):
    """A view whose form is filled in with what was sent."""

    def filled_form(self) -> BaseSerializer[Any] | None: ...


class BrowsableRenderer(BrowsableAPIRenderer):
    """Binds the form to the request here, so that an answer in JSON needs no serializer."""

    def get_rendered_html_form(
        self, data: Any, view: "APIView", method: str, request: Request
    ) -> Any:
        if method == request.method == "POST" and isinstance(view, FormView):
            form = view.filled_form()
            data = data if form is None else ReturnDict({}, serializer=form)
        return super().get_rendered_html_form(data, view, method, request)
