"""What the views of the API have in common."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from predictions.api.json import JSON_TYPE, dumps, is_answered_in_json


def answer_in_json(request: Request, data: object) -> HttpResponseBase:
    """The data in the format that was asked for, which a program's request says is JSON.

    DRF's Response is a template, rendered after the view at several times the cost of an
    answer that is finished. Only its page in a browser needs that.
    """
    if is_answered_in_json(request):
        return HttpResponse(dumps(data), content_type=JSON_TYPE)
    return Response(data)


class ApiView(APIView):
    """DRF's view, with what it would make anew for each request made once."""

    @property
    def default_response_headers(self) -> dict[str, str]:
        view: Any = type(self)
        return dict(_headers_of(view))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(answer, Response):
            answer.add_post_render_callback(_let_go)
        else:
            request.parser_context.clear()
        return answer


@cache
def _headers_of(view: Any) -> dict[str, str]:
    return {
        "Allow": ", ".join(view().allowed_methods),
        "Vary": "Accept, Accept-Language, Cookie",
    }


def _let_go(response: Any) -> None:
    """Free the request and the answer, which in DRF refer to themselves, when they end.

    Otherwise some 60 objects of each request wait for the garbage collector: a tenth of a
    prediction's CPU time, and pauses.
    """
    response.renderer_context["request"].parser_context.clear()
    response.renderer_context.clear()
