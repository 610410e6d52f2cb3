"""The cards above the charts: each part of the site, and each number that should be 0."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from monitoring.alerts.definitions import BY_NAME
from monitoring.page.formats import duration, whole
from monitoring.sources.state import Part, SystemState


class Tone(StrEnum):
    """Classes in monitoring.css; the words beside them say the same."""

    GOOD = "good"
    CAUTION = "caution"
    DANGER = "danger"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Card:
    """``value``: one word or number; ``sentence``: what it means."""

    title: str
    value: str
    tone: Tone
    sentence: str = ""


def part_cards(state: SystemState) -> Sequence[Card]:
    """Predictions are answered without Elasticsearch and the pipeline: less than a danger."""
    return [
        _of_part("Redis", state.redis, Tone.DANGER),
        _of_part("Elasticsearch", state.elasticsearch, Tone.CAUTION),
        _of_part(_("Log pipeline"), state.pipeline, Tone.CAUTION),
        _of_part(_("Database"), state.database, Tone.DANGER),
    ]


def _of_part(title: str, part: Part, when_away: Tone) -> Card:
    if part.ok is None:
        return Card(title, _("unknown"), Tone.UNKNOWN, part.sentence)
    if part.ok:
        return Card(title, _("works"), Tone.GOOD, part.sentence)
    return Card(title, _("away"), when_away, part.sentence)


def number_cards(state: SystemState) -> Sequence[Card]:
    """In the order in which an entry meets them."""
    return [
        _number(_("Lag"), state.lag_seconds, "pipeline_lag", _("age of the oldest that waits")),
        Card(
            _("Pending"),
            whole(state.pending),
            Tone.GOOD if state.pending is not None else Tone.UNKNOWN,
            _("being indexed now"),
        ),
        Card(
            _("Unread"),
            whole(state.unread),
            Tone.GOOD if state.unread is not None else Tone.UNKNOWN,
            _("wait in the stream"),
        ),
        _number(_("Spool"), state.spool_waiting, "spool", _("wait on disk for Redis")),
        _number(_("Dead letters"), state.dead_letters, "dead_letters", _("cannot be indexed")),
        _lost(state),
    ]


def _lost(state: SystemState) -> Card:
    """Out of Redis, and by a full spool. What is old stays in the sum, and alarms nobody."""
    card = _number(
        _("Lost"),
        _sum(state.lost, state.spool_dropped),
        "lost",
        _("answered and not logged"),
    )
    if card.tone is Tone.DANGER and not _sum(state.lost_lately, state.spool_dropped):
        return replace(card, tone=Tone.GOOD, sentence=_("not logged, none in the last day"))
    return card


def _sum(*counts: int | None) -> int | None:
    """Of those that are known; None where none is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _number(title: str, value: float | None, alert: str, sentence: str) -> Card:
    definition = BY_NAME[alert]
    written = duration(value) if definition.unit == "s" else whole(value)
    if value is None:
        return Card(title, written, Tone.UNKNOWN, sentence)
    if value >= definition.critical:
        return Card(title, written, Tone.DANGER, sentence)
    tone = Tone.CAUTION if value >= definition.warning else Tone.GOOD
    return Card(title, written, tone, sentence)


WORST_FIRST: Final = (Tone.DANGER, Tone.CAUTION)


def worst(tones: Sequence[Tone]) -> Tone:
    """GOOD where nothing is known to be wrong."""
    return next((tone for tone in WORST_FIRST if tone in tones), Tone.GOOD)
