"""From entries as they came to what is sent: documents for the indices, or dead letters."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import orjson

from logpipeline.dead_letters import Letter
from logpipeline.documents.indices import index_name
from logpipeline.documents.mappings import INDICES
from logpipeline.entries import LogEntry, UndecodableError, decode
from logpipeline.rules.rule import NOT_ROUTED
from logpipeline.rules.rules import Rules
from logpipeline.sources.source import Delivery

# An entry whose receiver died this often right after it got it is what kills them.
MOST_DELIVERIES: Final = 5
POISON: Final = "poison"


@dataclass(slots=True)
class Unit:
    """One document for one index: what is stored once, or refused."""

    alias: str
    index: str
    entry: LogEntry
    stream_id: str
    # Two lines of a bulk request.
    operation: bytes
    # Before, so that it says nothing new of the mapping.
    refused: bool = False


@dataclass(slots=True)
class Prepared:
    """A batch: its units, and what ended without being sent."""

    ids: list[str]
    units: list[Unit] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    # Rule name -> transactions.
    filtered: Counter[str] = field(default_factory=Counter)
    transactions: int = 0


def prepare(deliveries: Iterable[Delivery], rules: Rules, prefix: str) -> Prepared:
    """Never raises for what an entry holds: it is then a dead letter."""
    prepared = Prepared([])
    for delivery in deliveries:
        prepared.ids.append(delivery.id)
        try:
            if delivery.deliveries > MOST_DELIVERIES:
                raise UndecodableError(POISON)
            entries = decode(delivery.content)
        except UndecodableError as error:
            prepared.letters.append(
                Letter(delivery.stream_id, "", "", delivery.content, str(error))
            )
            continue
        prepared.transactions += len(entries)
        for entry in entries:
            _route(prepared, delivery, entry, rules, prefix)
    return prepared


@lru_cache(maxsize=64)
def _head(prefix: str, alias: str, day: str) -> tuple[str, bytes]:
    """The index, and the line that names it as far as the id."""
    index = index_name(prefix, alias, day)
    return index, b'{"create":{"_index":%b,"_id":' % orjson.dumps(index)


def _route(
    prepared: Prepared, delivery: Delivery, entry: LogEntry, rules: Rules, prefix: str
) -> None:
    aliases = rules.decide(entry)
    if delivery.only:
        aliases = tuple(alias for alias in aliases if alias == delivery.only)
    if not aliases:
        prepared.filtered[entry.filtered_by or NOT_ROUTED] += 1
    identity = orjson.dumps(entry.transaction_id)
    for alias in aliases:
        try:
            document = INDICES[alias].source(entry)
        except UndecodableError as error:
            letter = Letter(
                delivery.stream_id, entry.transaction_id, alias, entry.content(), str(error)
            )
            prepared.letters.append(letter)
            continue
        index, head = _head(prefix, alias, entry.moment.day)
        operation = b"".join((head, identity, b"}}\n", document, b"\n"))
        prepared.units.append(
            Unit(alias, index, entry, delivery.stream_id, operation, refused=bool(delivery.only))
        )
