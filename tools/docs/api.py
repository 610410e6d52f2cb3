"""``docs/api.md``: the answer below each curl line to /predict* is asked for again."""

import re
import shlex
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import orjson
from django.test import RequestFactory
from django.urls import resolve
from rest_framework.response import Response

from heartrisk_site.variables import BASE_DIR

PAGE: Final = BASE_DIR / "docs" / "api.md"
_EXAMPLE: Final = re.compile(
    # A command goes on after a backslash, and inside quotation marks.
    r"^```console\n\$ (?P<command>curl (?:'[^']*'|\\\n|[^'\n])*)\n(?P<answer>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The last digits may differ from one processor to another.
_LONG_DECIMAL: Final = re.compile(r"(\d+\.\d{6})\d+")
_ANY_UUID: Final = "5f0c1a52-7a8e-4f0d-9d5e-2b1c7e6a9f34"
_TAKES_A_VALUE: Final = {"-H", "-d", "-X"}


class Example(NamedTuple):
    """A curl line of the page, and the answer below it."""

    method: str
    target: str
    body: str
    answer: str


def examples(text: str) -> list[Example]:
    """Every one of the page, in order."""
    return [_parsed(match) for match in _EXAMPLE.finditer(text)]


def markdown() -> str:
    """The page with current answers."""
    return _EXAMPLE.sub(_refreshed, PAGE.read_text(encoding="utf-8"))


def _parsed(match: re.Match[str]) -> Example:
    words = iter(shlex.split(match["command"])[1:])
    options: dict[str, str] = {}
    url = ""
    for word in words:
        if word in _TAKES_A_VALUE:
            options[word] = next(words)
        else:
            url = word
    body = options.get("-d", "")
    method = options.get("-X", "POST" if body else "GET")
    parts = urlsplit(f"//{url}")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return Example(method, target, body, match["answer"])


def _refreshed(match: re.Match[str]) -> str:
    example = _parsed(match)
    if not example.target.startswith("/predict"):
        # These tell of Redis and of the clock; the tests hold their shape.
        return match[0]
    return f"```console\n$ {match['command']}\n{_asked(example)}\n```"


def _asked(example: Example) -> str:
    """The view's own answer: no middleware, so that nothing is logged."""
    request = RequestFactory().generic(
        example.method, example.target, example.body, "application/json"
    )
    response = resolve(example.target).func(request)
    if isinstance(response, Response):
        response.render()
    laid_out = orjson.dumps(orjson.loads(response.content), option=orjson.OPT_INDENT_2)
    return _LONG_DECIMAL.sub(r"\1", _UUID.sub(_ANY_UUID, laid_out.decode()))
