"""The API as a program calls it."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

JSON = {"accept": "application/json"}


def post(path: str, body: object, **headers: str) -> HttpResponse:
    """POSTs JSON; bytes are sent as they are."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    response: Any = Client(raise_request_exception=False).post(
        path, content, content_type="application/json", headers=JSON | headers
    )
    answer: HttpResponse = response
    return answer


def read(response: HttpResponse, status: int = 200) -> dict[str, Any]:
    """The answer's JSON, once its status is as expected."""
    assert response.status_code == status, response.content
    document: dict[str, Any] = orjson.loads(response.content)
    return document


def reasons(response: HttpResponse, status: int = 400) -> list[tuple[str, str]]:
    """Field and reason of each error."""
    return [(error["field"], error["reason"]) for error in read(response, status)["errors"]]
