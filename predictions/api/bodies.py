"""Request bodies: what their headers say of them, and forms as the objects they stand for."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import QueryDict
from django.http.request import UnreadablePostError
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request

from predictions.api.exceptions import LengthRequired, Refused, TooLarge, UnsupportedEncoding
from predictions.api.json import JSON_TYPE, is_answered_in_json, loads
from predictions.validation.row import Refusal, RepeatedKeys

# A patient's 14 values need 300 bytes; this leaves room for any layout.
LARGEST_PATIENT: Final = 65_536
_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def body_of(request: Request, largest: int) -> object:
    """The parsed body, ``largest`` bytes at most. Raises one of ``exceptions``.

    The declared length is the one that counts: the server hands on no more than it.
    """
    meta = request._request.META
    _check_headers(meta, largest)
    if meta.get("CONTENT_TYPE") == JSON_TYPE and is_answered_in_json(request):
        # What OrjsonParser does, without DRF's long way to it. The browsable API needs DRF's.
        return loads(request._request.read())
    data: object = request.data
    return _as_object(data) if isinstance(data, QueryDict) else data


def as_api_exception(error: Exception) -> APIException | None:
    """The answer to what Django raises of a body; None where it is no such error."""
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent | ParseError | UnreadablePostError):
        return Refused.of(Refusal("body", "unreadable"))
    return None


def _check_headers(meta: Mapping[str, Any], largest: int) -> None:
    length = _declared_length(meta)
    if length > largest:
        raise TooLarge
    if length <= 0 and "HTTP_TRANSFER_ENCODING" in meta:
        # WSGI has no body of unknown length: Django would see an empty one.
        raise LengthRequired
    if length <= 0:
        # DRF would take it for an empty object.
        raise Refused.of(Refusal("body", "empty"))
    if meta.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedEncoding
    content_type = meta.get("CONTENT_TYPE", "")
    if content_type == JSON_TYPE:
        return
    _type, parameters = parse_header_parameters(content_type)
    if parameters.get("charset", "utf-8").lower() not in _UTF8:
        raise UnsupportedEncoding


def _declared_length(meta: Mapping[str, Any]) -> int:
    try:
        return int(meta.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _as_object(form: QueryDict) -> dict[str, object]:
    """The form's values as a JSON object would hold them."""
    given = {name: values for name, values in form.lists() if name != "csrfmiddlewaretoken"}
    last: dict[str, object] = {name: values[-1] for name, values in given.items() if values}
    repeated = tuple(name for name, values in given.items() if len(values) > 1)
    return RepeatedKeys(last, repeated) if repeated else last
