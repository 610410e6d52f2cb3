"""Sends units to Elasticsearch in bulk, and says what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch, TransportError

from logpipeline.dead_letters import Letter
from logpipeline.delivery.answers import Verdict, field_of, verdict_of
from logpipeline.delivery.preparation import Unit
from logpipeline.elastic import error_type, sentence

# What an item must tell: nothing else of the answer is read.
_FILTER: Final = ("errors", "items.*.status", "items.*.error")
# What only Elasticsearch can say of a document.
_JUDGEMENTS: Final = (Verdict.STORED, Verdict.DUPLICATE, Verdict.REFUSED)


@dataclass(slots=True)
class Outcome:
    """Of one request. ``again`` have not ended; ``trouble`` says why, in words for an operator."""

    stored: list[Unit] = field(default_factory=list)
    duplicates: list[Unit] = field(default_factory=list)
    refused: list[tuple[Unit, Letter]] = field(default_factory=list)
    again: list[Unit] = field(default_factory=list)
    trouble: Verdict | None = None
    sentence: str = ""
    error: str = ""


def send(client: Elasticsearch, units: Sequence[Unit]) -> Outcome:
    """One bulk request; smaller ones where the server says that it is too large."""
    if not units:
        return Outcome()
    # Bytes pass through as they are, though the client's types do not say so.
    body: Any = b"".join([unit.operation for unit in units])
    try:
        answer = client.bulk(operations=body, filter_path=_FILTER)
    except ApiError as error:
        return _whole_request_failed(client, units, error)
    except TransportError as error:
        return _to_be_repeated(units, Verdict.UNAVAILABLE, error)
    return _sorted_out(units, answer["items"], errors=answer["errors"])


def _whole_request_failed(client: Elasticsearch, units: Sequence[Unit], error: ApiError) -> Outcome:
    kind = error_type(error)
    verdict = verdict_of(error.meta.status, kind)
    if verdict in _JUDGEMENTS and kind == type(error).__name__:
        # Elasticsearch would name a type: something before it says so, or in its place.
        verdict = Verdict.UNAVAILABLE
    # 413, or a body that cannot be read because of one of its documents.
    if error.meta.status != 413 and verdict is not Verdict.REFUSED:
        return _to_be_repeated(units, verdict, error)
    if len(units) == 1:
        kind = "too_large" if error.meta.status == 413 else kind
        return Outcome(refused=[(units[0], _letter(units[0], kind, ""))])
    middle = len(units) // 2
    return _together(send(client, units[:middle]), send(client, units[middle:]))


def _together(first: Outcome, second: Outcome) -> Outcome:
    worse = first if first.trouble else second
    return Outcome(
        first.stored + second.stored,
        first.duplicates + second.duplicates,
        first.refused + second.refused,
        first.again + second.again,
        worse.trouble,
        worse.sentence,
        worse.error,
    )


def _to_be_repeated(
    units: Sequence[Unit], verdict: Verdict, error: ApiError | TransportError
) -> Outcome:
    return Outcome(
        again=list(units), trouble=verdict, sentence=sentence(error), error=type(error).__name__
    )


def _sorted_out(units: Sequence[Unit], items: Sequence[Any], *, errors: bool) -> Outcome:
    if not errors:
        return Outcome(stored=list(units))
    outcome = Outcome()
    for unit, item in zip(units, items, strict=True):
        answer = item["create"]
        error = answer.get("error", {})
        verdict = verdict_of(answer["status"], error.get("type", ""))
        if verdict is Verdict.STORED:
            outcome.stored.append(unit)
        elif verdict is Verdict.DUPLICATE:
            outcome.duplicates.append(unit)
        elif verdict is Verdict.REFUSED:
            letter = _letter(unit, _innermost(error), field_of(error))
            outcome.refused.append((unit, letter))
        else:
            outcome.again.append(unit)
            outcome.trouble = verdict
            outcome.error = error.get("type", "")
            outcome.sentence = f"{unit.index}: {answer['status']} ({outcome.error})."
    return outcome


def _innermost(error: dict[str, Any]) -> str:
    """What a parsing failure was caused by says more than that parsing failed."""
    kind = str(error.get("type", "refused"))
    cause = error.get("caused_by") or {}
    strict = str(cause.get("type", "")) == "strict_dynamic_mapping_exception"
    return "strict_dynamic_mapping_exception" if strict else kind


def _letter(unit: Unit, reason: str, named: str) -> Letter:
    entry = unit.entry
    return Letter(unit.stream_id, entry.transaction_id, unit.alias, entry.content(), reason, named)
