"""What each answer of Elasticsearch's bulk API means for a document (docs/reliability.md)."""

import re
from enum import StrEnum
from typing import Any, Final


class Verdict(StrEnum):
    """The first three end a document, the others have it sent again."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    OVERLOADED = "overloaded"
    BLOCKED = "blocked"
    MISCONFIGURED = "misconfigured"
    CREDENTIALS = "credentials"
    UNAVAILABLE = "unavailable"


# The server's state, not the document, though the status is 400 or 404.
_STATE: Final = frozenset(
    {
        "index_closed_exception",
        "index_not_found_exception",
        "invalid_alias_name_exception",
        "invalid_index_name_exception",
        # "this cluster currently has [1000]/[1000] maximum normal shards open"
        "validation_exception",
    }
)
# Elasticsearch names the field before it quotes the value: only the first part is taken.
_FIELD: Final = re.compile(
    r"^(?:\[\d+:\d+\] )?(?:failed to parse field \[|object mapping for \["
    r"|mapping set to strict, dynamic introduction of \["
    r"|Document contains at least one immense term in field=\")(?P<field>[^\]\"]{1,100})"
)


def verdict_of(status: int, kind: str) -> Verdict:
    """Of one item, or of a whole request: ``kind`` is the error's type, "" without an error."""
    if status in (200, 201):
        return Verdict.STORED
    if status == 409:
        return Verdict.DUPLICATE
    if status == 429:
        return Verdict.OVERLOADED
    if status in (401, 403):
        blocked = kind == "cluster_block_exception"
        return Verdict.BLOCKED if blocked else Verdict.CREDENTIALS
    if status == 404 or kind in _STATE:
        return Verdict.MISCONFIGURED
    if status == 400:
        return Verdict.REFUSED
    return Verdict.UNAVAILABLE


def field_of(error: dict[str, Any]) -> str:
    """The field that a refusal names, "" where it names none; never a value."""
    while error:
        match = _FIELD.match(str(error.get("reason", "")))
        if match:
            return match["field"]
        error = error.get("caused_by") or {}
    return ""
