"""The table of ``check_alerts --once``."""

import pytest

from monitoring.alerts.console import as_table, state_of
from monitoring.alerts.definitions import ALERTS, Kind
from monitoring.alerts.reading import Reading
from monitoring.models import Alert, Severity, State
from tests.monitoring.alerts.looks import NOON, TOO_FEW

FINE = {definition.name: Reading(value=0, source="redis") for definition in ALERTS}
SINCE = "since 25 Nov 12:00"


def an_alert(state: State) -> Alert:
    return Alert(name="latency", state=state, severity=Severity.WARNING, started=NOON)


def line_of(table: str, label: str) -> list[str]:
    """Its cells."""
    (line,) = [each for each in table.splitlines() if label in each]
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_each_alert_is_a_line_with_value_thresholds_and_state() -> None:
    readings = {**FINE, "latency": Reading(value=123.456), "drift": Reading()}
    table = as_table(readings, [an_alert(State.FIRING)])
    latency = ["Mean response time", "123.46 ms", "100 ms", "200 ms", f"firing (warning) {SINCE}"]
    assert line_of(table, "Mean response time") == latency
    drift = ["Distributions that drift from training data", "-", "1", "5", "unknown"]
    assert line_of(table, "Distributions that drift") == drift


def test_it_fits_a_terminal() -> None:
    lines = as_table({**FINE, "latency": TOO_FEW}, [an_alert(State.FIRING)]).splitlines()
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize(
    ("kind", "reading", "words"),
    [
        (Kind.MEAN, Reading(value=1), "ok"),
        (Kind.MEAN, TOO_FEW, "3 of at least 20 requests"),
        (Kind.MEAN, Reading(why="Redis does not answer."), "unknown"),
        (Kind.NUMBER, Reading(too_few=True), "not enough data"),
    ],
)
def test_a_value_that_is_not_known_says_why(kind: Kind, reading: Reading, words: str) -> None:
    assert state_of(kind, reading, None) == words


def test_a_pending_alert_has_no_severity_yet() -> None:
    assert state_of(Kind.MEAN, Reading(value=150), an_alert(State.PENDING)) == f"pending {SINCE}"


def test_an_open_alert_whose_value_is_not_known_says_both() -> None:
    words = state_of(Kind.MEAN, TOO_FEW, an_alert(State.FIRING))
    assert words == f"firing (warning) {SINCE}, 3 of at least 20 requests"
