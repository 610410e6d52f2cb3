"""JSON in and out, by orjson.

What orjson refuses is read again by the standard library, which costs more but
lets the answer name the field: ``AGE: NaN is not a finite number``.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any, Final, cast

import orjson
from django.utils.functional import Promise
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from predictions.api.exceptions import Refused
from predictions.validation.refusal import LONGEST_VALUE
from predictions.validation.row import Refusal, RepeatedKeys

JSON_TYPE: Final = "application/json"
PROBLEM_TYPE: Final = "application/problem+json"
_BOM: Final = b"\xef\xbb\xbf"
# orjson reads longer integers as floats; so does the careful reader.
_LONGEST_INTEGER: Final = 18
_UNREAD: Final = object()


class OrjsonRenderer(BaseRenderer):
    """Answers as JSON; errors as problem details (RFC 9457)."""

    media_type = JSON_TYPE
    format = "json"
    # Bytes in UTF-8: JSON has no charset parameter (RFC 8259, section 11).
    charset = None

    def render(
        self,
        data: object,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        context = renderer_context or {}
        response = context.get("response")
        # The browsable API renders with this class too, into its own HTML page.
        if response is not None and response.exception and response.accepted_renderer is self:
            response["Content-Type"] = PROBLEM_TYPE
        return dumps(data, indented="indent" in context)


class OrjsonParser(BaseParser):
    """A JSON body."""

    media_type = JSON_TYPE
    renderer_class = OrjsonRenderer

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Mapping[Any, Any]:
        # The stubs of DRF know only objects; the views check what they get.
        return cast("Mapping[Any, Any]", loads(stream.read()))


def is_answered_in_json(request: Request) -> bool:
    """Not in the browsable API's pages."""
    return isinstance(request.accepted_renderer, OrjsonRenderer)


def dumps(data: object, *, indented: bool = False) -> bytes:
    """JSON in UTF-8; numpy's numbers and lazy translations are allowed."""
    options = orjson.OPT_SERIALIZE_NUMPY | (orjson.OPT_INDENT_2 if indented else 0)
    return orjson.dumps(data, default=_plain, option=options)


def loads(body: bytes) -> object:
    """The value of a JSON body. Raises ``Refused``.

    A number that no float can hold, and NaN, come as their text, which the rules
    refuse; an object with a repeated key comes as ``RepeatedKeys``.
    """
    body = body.removeprefix(_BOM)
    if not body.strip():
        raise Refused.of(Refusal("body", "empty"))
    data = _read_fast(body)
    # One colon a key: more colons mean a repeated key, which orjson drops
    # silently, or only something nested or a colon in a string.
    colons = body.count(b":")
    if type(data) is dict and colons == len(data):
        # A patient's, which need not be searched for objects within.
        return data
    if data is _UNREAD or colons > _count_keys(data):
        return _read_carefully(body)
    return data


def _read_fast(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _UNREAD


def _plain(value: object) -> str:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _count_keys(data: object) -> int:
    """The keys of an object and of the objects in its lists: a patient's, or a batch's."""
    if type(data) is not dict:
        return 0
    lists = (value for value in data.values() if type(value) is list)
    return len(data) + sum(len(row) for rows in lists for row in rows if type(row) is dict)


def _read_carefully(body: bytes) -> object:
    try:
        return json.loads(
            body.decode(),
            object_pairs_hook=_as_object,
            parse_constant=str,
            parse_float=_as_float,
            parse_int=_as_integer,
        )
    except UnicodeDecodeError:
        refusal = Refusal("body", "not_utf8")
    except json.JSONDecodeError as error:
        refusal = Refusal("body", "not_json", str(error.pos + 1))
    except RecursionError:
        refusal = Refusal("body", "too_deep")
    # Outside the handler, so that the parser's own exception, which holds the
    # body, is not chained to this one.
    raise Refused.of(refusal)


def _as_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    counted = Counter(name for name, _value in pairs)
    return RepeatedKeys(values, tuple(name for name, count in counted.items() if count > 1))


def _as_float(text: str) -> float | str:
    number = float(text)
    if math.isfinite(number):
        return number
    return text if len(text) <= LONGEST_VALUE else "Infinity"


def _as_integer(text: str) -> float | str:
    return int(text) if len(text) <= _LONGEST_INTEGER else _as_float(text)
