"""The two answers at the top."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from monitoring.models import Alert, DriftReport
from monitoring.page.status import Card, Tone
from monitoring.page.verdict import of_people, of_service
from tests.monitoring.traffic import NOON

FINE = [Card("Redis", "works", Tone.GOOD, "It answers.")]


def alert(state: str = "firing", severity: str = "warning") -> Alert:
    return Alert(name="latency", state=state, severity=severity)


def report(verdict: str, created: datetime = NOON, **more: Any) -> DriftReport:
    return DriftReport(verdict=verdict, created=created, rows=1234, **more)


def test_it_is_well_where_nothing_is_wrong() -> None:
    answer = of_service([], FINE, FINE)
    assert (answer.answer, answer.tone, answer.reasons) == ("Yes: everything works.", "good", [])


@pytest.mark.parametrize(("severity", "tone"), [("warning", "caution"), ("critical", "danger")])
def test_an_alert_that_fires_is_the_first_reason(severity: str, tone: str) -> None:
    answer = of_service([alert(severity=severity)], FINE, FINE)
    assert answer.tone == tone
    assert answer.reasons == ["1 alert is firing: Mean response time"]


def test_an_alert_that_does_not_fire_yet_changes_nothing() -> None:
    assert of_service([alert("pending")], FINE, FINE).tone == "good"


def test_drift_is_not_the_services_fault() -> None:
    drift = Alert(name="drift", state="firing", severity="critical")
    assert of_service([drift], FINE, FINE).tone == "good"


def test_what_is_away_is_named() -> None:
    away = [Card("Redis", "away", Tone.DANGER, "Redis does not answer.")]
    late = [Card("Lag", "10 min", Tone.CAUTION, "age of the oldest that waits")]
    answer = of_service([], away, late)
    assert (answer.answer, answer.tone) == ("No: something is wrong.", "danger")
    assert answer.reasons == [
        "Redis does not answer.",
        "Lag: 10 min age of the oldest that waits",
    ]


def test_an_alert_that_is_not_defined_any_more_is_counted() -> None:
    old = Alert(name="of an earlier version", state="firing", severity="warning")
    assert of_service([old], FINE, FINE).reasons == ["1 alert is firing: of an earlier version"]


@pytest.mark.parametrize(
    ("latest", "words", "tone"),
    [
        (None, "Not known: they were not compared yet.", "unknown"),
        (report("ok"), "Yes: no drift was found.", "good"),
        (report("drift", drifting=1), "No: 1 distribution drifts.", "caution"),
        (report("drift", drifting=5), "No: 5 distributions drift.", "danger"),
        (report("not_enough_data"), "Not known: too few predictions to compare.", "unknown"),
        (
            report("ok", NOON - timedelta(hours=49)),
            "Not known: the last look is too old.",
            "unknown",
        ),
    ],
)
def test_its_people_are_what_the_latest_report_says(
    latest: DriftReport | None, words: str, tone: str
) -> None:
    answer = of_people(latest, NOON)
    assert (answer.answer, answer.tone) == (words, tone)


def test_it_says_when_and_on_how_many() -> None:
    assert of_people(report("ok"), NOON).reasons == ["Compared at 12:00 UTC, 1,234 predictions."]
