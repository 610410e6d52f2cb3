"""A dead letter's original as a person can read it; it may be any bytes at all."""

from typing import Final, NamedTuple

import orjson

# Parsing more would cost a web process hundreds of megabytes.
_MOST_PARSED: Final = 1_000_000
_MOST_JSON: Final = 100_000
_MOST_BYTES: Final = 10_000


class Readable(NamedTuple):
    """Indented JSON, or the bytes as Python writes them; ``cut`` where it is not all."""

    text: str
    is_json: bool
    cut: bool


def readable(original: bytes) -> Readable:
    text = _indented(original) if len(original) <= _MOST_PARSED else None
    if text is not None:
        return Readable(text[:_MOST_JSON], is_json=True, cut=len(text) > _MOST_JSON)
    # A byte is one character or more.
    text = repr(original[:_MOST_BYTES])
    cut = len(original) > _MOST_BYTES or len(text) > _MOST_BYTES
    return Readable(text[:_MOST_BYTES], is_json=False, cut=cut)


def _indented(original: bytes) -> str | None:
    """None where the pipeline cannot read it either, and where it is nested too deep to write."""
    try:
        return orjson.dumps(orjson.loads(original), option=orjson.OPT_INDENT_2).decode()
    except (ValueError, TypeError):
        return None
