"""Dead letters for the tests of them."""

from dataclasses import replace
from typing import Any

from logpipeline.dead_letters import Letter
from logpipeline.models import DeadLetter

_LETTER = Letter(
    stream_id="1764000000000-0",
    transaction_id="0",
    index="ml-api-logs",
    original=b'{"data": {"transaction_id": "0", "input_data": {"AGE": 52}}}',
    reason="document_parsing_exception",
    field="data.status",
)


def letter(number: int = 0, **changed: Any) -> Letter:
    """Of a transaction whose id is the number."""
    return replace(_LETTER, **{"transaction_id": str(number), **changed})


def letters(count: int, **changed: Any) -> list[Letter]:
    return [letter(number, **changed) for number in range(count)]


def stored(about: Letter) -> DeadLetter:
    """Its row in the database."""
    return DeadLetter.objects.get(key=about.key)
