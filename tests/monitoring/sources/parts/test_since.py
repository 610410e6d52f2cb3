"""Since when a part is away."""

from datetime import timedelta

from monitoring.sources.parts.part import Part
from monitoring.sources.parts.since import AwaySince, time_in_words
from tests.monitoring.traffic import NOON

AWAY = Part(False, "It is away.")
LATER = NOON + timedelta(minutes=5)


def test_it_tells_when_it_was_first_noticed() -> None:
    since = AwaySince()
    since.told(AWAY, NOON)
    assert since.told(AWAY, LATER) == Part(False, "It is away. Noticed at 12:00 UTC.")


def test_what_works_again_is_forgotten() -> None:
    since = AwaySince()
    since.told(AWAY, NOON)
    assert since.told(Part(True, "It works."), NOON) == Part(True, "It works.")
    assert since.told(AWAY, LATER).sentence.endswith("at 12:05 UTC.")


def test_another_day_is_told_too() -> None:
    assert time_in_words(NOON, NOON + timedelta(days=1)) == "2026-11-24 12:00"
