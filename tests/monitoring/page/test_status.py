"""The cards above the charts."""

from dataclasses import replace

import pytest

from monitoring.page.status import Tone, number_cards, part_cards, worst
from monitoring.sources.state import Part, SystemState
from tests.monitoring.traffic import NOON

FINE = Part(True, "It answers.")
STATE = SystemState(
    NOON,
    FINE,
    FINE,
    FINE,
    FINE,
    pending=0,
    unread=0,
    lag_seconds=0.0,
    dead_letters=0,
    lost=0,
    spool_waiting=0,
    spool_dropped=0,
)


def tone_of(title: str, **changed: float | None) -> tuple[str, Tone]:
    cards = number_cards(replace(STATE, **changed))  # type: ignore[arg-type]
    return next((card.value, card.tone) for card in cards if card.title == title)


def test_all_is_good() -> None:
    cards = [*part_cards(STATE), *number_cards(STATE)]
    assert {card.tone for card in cards} == {Tone.GOOD}


@pytest.mark.parametrize(
    ("part", "title", "tone"),
    [
        ("redis", "Redis", Tone.DANGER),
        ("database", "Database", Tone.DANGER),
        # Predictions are answered and logged without them.
        ("elasticsearch", "Elasticsearch", Tone.CAUTION),
        ("pipeline", "Log pipeline", Tone.CAUTION),
    ],
)
def test_a_part_that_is_away_says_so(part: str, title: str, tone: Tone) -> None:
    state = replace(STATE, **{part: Part(False, "It does not answer.")})  # type: ignore[arg-type]
    (card,) = [card for card in part_cards(state) if card.title == title]
    assert (card.value, card.tone, card.sentence) == ("away", tone, "It does not answer.")


def test_what_is_not_configured_is_neither_good_nor_bad() -> None:
    (_redis, card, *_) = part_cards(replace(STATE, elasticsearch=Part(None, "None is named.")))
    assert (card.value, card.tone) == ("unknown", Tone.UNKNOWN)


@pytest.mark.parametrize(
    ("title", "changed", "expected"),
    [
        ("Lag", {"lag_seconds": 59}, ("59 s", Tone.GOOD)),
        ("Lag", {"lag_seconds": 60}, ("60 s", Tone.CAUTION)),
        ("Lag", {"lag_seconds": 600}, ("10 min", Tone.DANGER)),
        ("Dead letters", {"dead_letters": 1}, ("1", Tone.CAUTION)),
        ("Spool", {"spool_waiting": 12_000}, ("12,000", Tone.DANGER)),
        ("Lost", {"lost": None, "spool_dropped": 3}, ("3", Tone.DANGER)),
        ("Lost", {"lost": 2, "spool_dropped": 3}, ("5", Tone.DANGER)),
        ("Lost", {"lost": 2, "lost_lately": 1, "spool_dropped": 0}, ("2", Tone.DANGER)),
        ("Lost", {"lost": 2, "lost_lately": 0, "spool_dropped": 0}, ("2", Tone.GOOD)),
        ("Lost", {"lost": None, "spool_dropped": None}, ("–", Tone.UNKNOWN)),
        ("Pending", {"pending": None}, ("–", Tone.UNKNOWN)),
        ("Unread", {"unread": 70}, ("70", Tone.GOOD)),
    ],
)
def test_a_number_is_judged_as_the_alert_is(
    title: str, changed: dict[str, float | None], expected: tuple[str, Tone]
) -> None:
    assert tone_of(title, **changed) == expected


def test_the_worst_counts() -> None:
    assert worst([Tone.GOOD, Tone.DANGER, Tone.CAUTION]) is Tone.DANGER
    assert worst([Tone.UNKNOWN, Tone.CAUTION]) is Tone.CAUTION
    assert worst([Tone.UNKNOWN]) is Tone.GOOD
