"""Request bodies, read once and never beyond the view's limit."""

from collections.abc import Iterable, Mapping
from typing import IO, Any, Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, FormParser, MultiPartParser

from predictions.api.exceptions import Refused, TooLarge, UnsupportedEncoding
from predictions.validation import Refusal, RepeatedKeys

# A patient's 14 values need 300 bytes; this leaves room for any layout.
LARGEST_PATIENT: Final = 65_536
_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def read_body(stream: IO[Any], context: Mapping[str, Any]) -> bytes:
    """The whole body. Raises ``TooLarge``, ``UnsupportedEncoding`` or ``Refused``."""
    limit = check_headers(context)
    try:
        body: bytes = stream.read(limit + 1)
    except UnreadablePostError:
        raise Refused.of(Refusal("body", "empty")) from None
    if len(body) > limit:
        raise TooLarge
    return body


def check_headers(context: Mapping[str, Any]) -> int:
    """Refuses by the headers alone where it can; the limit in bytes."""
    request: HttpRequest = context["request"]
    limit: int = getattr(context["view"], "largest_body", LARGEST_PATIENT)
    if _declared_length(request) > limit:
        raise TooLarge
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedEncoding
    _type, parameters = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    if parameters.get("charset", "utf-8").lower() not in _UTF8:
        raise UnsupportedEncoding
    return limit


def _declared_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class PatientFormParser(BaseParser):
    """The form of the browsable API, url-encoded."""

    media_type = FormParser.media_type

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, object]:
        body = read_body(stream, parser_context or {})
        return _as_object(QueryDict(body, encoding="utf-8").lists())


class PatientMultiPartParser(BaseParser):
    """The form of the browsable API, as browsers send it."""

    media_type = MultiPartParser.media_type

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, object]:
        check_headers(parser_context or {})
        parsed = MultiPartParser().parse(stream, media_type, parser_context)
        return _as_object([*parsed.data.lists(), *parsed.files.lists()])


def form_refusal(error: Exception) -> Refused | TooLarge | None:
    """The answer to what Django raises of a form's body; None where it is no such error."""
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent | ParseError | UnreadablePostError):
        return Refused.of(Refusal("body", "not_a_form"))
    return None


def _as_object(lists: Iterable[tuple[str, list[Any]]]) -> dict[str, object]:
    """The form's values as a JSON object would hold them."""
    given = {name: values for name, values in lists if name != "csrfmiddlewaretoken"}
    last = {name: values[-1] for name, values in given.items()}
    repeated = tuple(name for name, values in given.items() if len(values) > 1)
    return RepeatedKeys(last, repeated) if repeated else last
