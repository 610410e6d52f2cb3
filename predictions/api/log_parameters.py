"""The parameters of the log's endpoints; a bad one is a 400 that names it."""

from typing import Final

from rest_framework.request import Request

from predictions.api.exceptions import Refused
from predictions.log.reader import StreamId, parse_id
from predictions.validation.row import Refusal, shown

LEVELS: Final = ("INFO", "WARNING", "ERROR")
# int() of a long text is slow, and no limit needs more digits.
_LONGEST_NUMBER: Final = 18


def whole_number_in(request: Request, name: str, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER):
        raise Refused.of(Refusal(name, "not_whole", shown(text)))
    value = int(text)
    if value < low:
        raise Refused.of(Refusal(name, "below_limit", shown(text), low))
    if value > high:
        raise Refused.of(Refusal(name, "above_limit", shown(text), high))
    return value


def level_in(request: Request) -> str | None:
    text = request.query_params.get("level")
    if text is not None and text not in LEVELS:
        raise Refused.of(Refusal("level", "not_a_level", shown(text)))
    return text


def stream_id_in(given: object, name: str) -> StreamId:
    try:
        if not isinstance(given, str):
            raise ValueError("not a text")
        return parse_id(given)
    except ValueError:
        raise Refused.of(Refusal(name, "not_a_stream_id", shown(given))) from None
