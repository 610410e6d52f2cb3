"""What looks at one alert make of it, one look a minute, without a database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.definitions import ALERTS, BY_NAME, AlertDefinition
from monitoring.models import Transition
from tests.monitoring.alerts.looks import (
    GAP,
    LATENCY,
    NOON,
    TOO_FEW,
    UNKNOWN,
    Seen,
    Watched,
    firing,
    minute,
)

FIRED, WORSENED, EASED, RESOLVED = (
    Transition.FIRED,
    Transition.WORSENED,
    Transition.EASED,
    Transition.RESOLVED,
)


def test_it_stays_silent_below_the_threshold() -> None:
    watched = Watched().looks([99.99] * 20)
    assert (watched.told, watched.state) == ([], "clear")


def test_it_waits_while_the_value_has_not_held_for_long_enough() -> None:
    watched = Watched().looks([100] * 5)
    assert (watched.told, watched.state) == ([], "pending warning")


def test_it_fires_when_the_value_has_held() -> None:
    watched = Watched().looks([100] * 6)
    assert (watched.told, watched.state) == ([(5, FIRED)], "firing warning")


@pytest.mark.parametrize("definition", ALERTS, ids=lambda each: each.name)
def test_every_alert_fires_after_its_own_time(definition: AlertDefinition) -> None:
    minutes = int(definition.holds_for.total_seconds() // 60)
    watched = Watched(definition).looks([definition.warning] * (minutes + 1))
    assert watched.told == [(minutes, FIRED)]


def test_one_value_below_begins_the_wait_anew() -> None:
    watched = Watched().looks([100] * 5 + [99] + [100] * 5)
    assert (watched.told, watched.state) == ([], "pending warning")


def test_what_never_fired_is_dropped_without_a_word() -> None:
    watched = Watched().looks([100] * 5 + [99])
    assert (watched.told, watched.state) == ([], "clear")


def test_it_resolves_below_four_fifths_of_the_warning() -> None:
    watched = firing().looks([79.9])
    assert ([each for _, each in watched.told], watched.state) == ([RESOLVED], "clear")


@pytest.mark.parametrize("value", [80, 90, 99.9, 100, 199])
def test_nothing_changes_from_there_to_the_threshold(value: float) -> None:
    watched = firing().looks([value] * 20)
    assert (watched.told, watched.state) == ([], "firing warning")


def test_a_value_that_swings_around_the_threshold_is_told_twice_in_all() -> None:
    swings = [95, 105, 85, 110] * 30
    watched = Watched().looks([*[105] * 6, *swings, 50, *[95, 85] * 10])
    assert [each for _, each in watched.told] == [FIRED, RESOLVED]


def test_swings_that_never_hold_are_never_told() -> None:
    assert Watched().looks([130, 130, 130, 60] * 30).told == []


def test_it_fires_as_critical_where_it_was_so_all_the_time() -> None:
    watched = Watched().looks([200] * 6)
    assert (watched.told, watched.state) == ([(5, FIRED)], "firing critical")


def test_it_fires_as_a_warning_where_critical_is_new() -> None:
    watched = Watched().looks([150, 150, 250, 250, 250, 250])
    assert (watched.told, watched.state) == ([(5, FIRED)], "firing warning")


def test_it_worsens_when_critical_has_held() -> None:
    watched = Watched().looks([150, 150, 250, 250, 250, 250, 250, 250, 250])
    assert watched.told == [(5, FIRED), (7, WORSENED)]


def test_a_peak_does_not_worsen_it() -> None:
    watched = firing().looks([250, 250, 250, 150] * 10)
    assert (watched.told, watched.state) == ([], "firing warning")


def test_it_eases_below_four_fifths_of_critical() -> None:
    watched = firing(250).looks([159])
    assert ([each for _, each in watched.told], watched.state) == ([EASED], "firing warning")


def test_a_value_that_swings_around_critical_is_told_once() -> None:
    watched = firing(250).looks([190, 210, 165, 230] * 30)
    assert (watched.told, watched.state) == ([], "firing critical")


def test_from_critical_straight_to_clear_is_one_event() -> None:
    assert [each for _, each in firing(250).looks([10]).told] == [RESOLVED]


def test_after_an_ease_critical_must_hold_again() -> None:
    watched = firing(250).looks([150, *[250] * 5])
    assert [each for _, each in watched.told] == [EASED]
    assert [each for _, each in watched.looks([250]).told] == [EASED, WORSENED]


def test_what_need_not_hold_fires_as_critical_at_once() -> None:
    watched = Watched(BY_NAME["dead_letters"]).looks([100])
    assert (watched.told, watched.state) == ([(0, FIRED)], "firing critical")


def test_what_need_not_hold_worsens_at_once() -> None:
    watched = Watched(BY_NAME["dead_letters"]).looks([1, 100])
    assert watched.told == [(0, FIRED), (1, WORSENED)]


def test_where_both_thresholds_are_one_it_ends_and_does_not_ease() -> None:
    watched = Watched(BY_NAME["lost"]).looks([1, 0])
    assert [each for _, each in watched.told] == [FIRED, RESOLVED]


def test_a_gap_begins_the_wait_anew() -> None:
    watched = Watched().looks([150] * 5)
    watched.minute += GAP.total_seconds() / 60
    watched.look(150)
    assert watched.alert is not None
    assert (watched.told, watched.alert.started) == ([], minute(8))


def test_three_intervals_are_no_gap_yet() -> None:
    watched = Watched().looks([150] * 5)
    watched.minute += 2
    assert watched.looks([150]).told == [(7, FIRED)]


def test_a_gap_begins_the_wait_for_critical_anew() -> None:
    watched = firing().looks([250] * 5)
    watched.minute += 3
    assert watched.looks([250]).told == []


def test_a_gap_ends_no_alert_that_fires() -> None:
    watched = firing()
    watched.minute += 600
    assert (watched.looks([90]).told, watched.state) == ([], "firing warning")


def test_too_few_requests_are_no_judgement() -> None:
    watched = Watched().looks([TOO_FEW] * 20)
    assert (watched.told, watched.state) == ([], "clear")


def test_too_few_requests_begin_the_wait_anew() -> None:
    watched = Watched().looks([*[150] * 5, TOO_FEW, *[150] * 5])
    assert (watched.told, watched.state) == ([], "pending warning")


def test_two_windows_with_too_few_requests_end_an_alert() -> None:
    watched = firing()
    first = watched.minute
    assert watched.looks([TOO_FEW] * 6).told == [(first + 5, RESOLVED)]


def test_less_than_two_do_not() -> None:
    watched = firing().looks([*[TOO_FEW] * 5, 150, *[TOO_FEW] * 5])
    assert (watched.told, watched.state) == ([], "firing warning")


def test_too_few_requests_begin_the_wait_for_critical_anew() -> None:
    watched = firing().looks([*[250] * 5, TOO_FEW, 250])
    assert watched.told == []


def test_an_unknown_value_is_no_judgement() -> None:
    watched = firing().looks([UNKNOWN] * 600)
    assert (watched.told, watched.state) == ([], "firing warning")


def test_a_short_while_without_a_value_does_not_matter() -> None:
    watched = Watched().looks([150, 150, UNKNOWN, UNKNOWN, 150, 150])
    assert watched.told == [(5, FIRED)]


def test_a_long_while_without_a_value_begins_the_wait_anew() -> None:
    watched = Watched().looks([150, 150, UNKNOWN, UNKNOWN, UNKNOWN, 150])
    assert (watched.told, watched.state) == ([], "pending warning")


def test_it_keeps_the_latest_and_the_worst_value() -> None:
    alert = Watched().looks([150, 180, 120]).alert
    assert alert is not None
    assert (alert.value, alert.worst, alert.source) == (120, 180, "redis")


def test_the_worst_value_is_of_this_wait() -> None:
    watched = Watched().looks([180])
    watched.minute += 10
    alert = watched.looks([120]).alert
    assert alert is not None
    assert alert.worst == 120


def test_it_keeps_the_threshold_of_its_severity() -> None:
    calm, bad = firing(150).alert, firing(250).alert
    assert calm is not None
    assert bad is not None
    assert (calm.threshold, bad.threshold) == (LATENCY.warning, LATENCY.critical)


def test_it_lasts_from_the_first_value_above() -> None:
    alert = firing().alert
    assert alert is not None
    assert alert.started == NOON
    assert alert.lasted(minute(90)) == timedelta(minutes=90)


def test_a_clock_that_is_set_back_fires_nothing() -> None:
    watched = Watched().looks([150] * 5)
    watched.minute -= 60
    assert (watched.looks([150]).told, watched.state) == ([], "pending warning")


VALUES = st.one_of(
    st.floats(0, 400), st.sampled_from([80.0, 100.0, 160.0, 200.0, TOO_FEW, UNKNOWN])
)


@given(st.lists(st.tuples(VALUES, st.sampled_from([1, 1, 1, 2, 4]))))
def test_whatever_is_measured_what_is_told_makes_sense(looks: list[tuple[Seen, int]]) -> None:
    """Nothing is told twice in a row, worse only of a warning, better only of a critical one."""
    watched = Watched()
    told, severity = 0, ""
    for seen, minutes in looks:
        watched.look(seen)
        watched.minute += minutes - 1
        for _, transition in watched.told[told:]:
            before, severity = severity, severity_after(watched, transition)
            assert (before, transition) in ALLOWED
        told = len(watched.told)


ALLOWED = {
    ("", FIRED),
    ("warning", WORSENED),
    ("critical", EASED),
    ("warning", RESOLVED),
    ("critical", RESOLVED),
}


def severity_after(watched: Watched, transition: Transition) -> str:
    if transition == RESOLVED:
        return ""
    assert watched.alert is not None
    return str(watched.alert.severity)


@given(st.lists(st.floats(80, 400), max_size=60))
def test_nothing_that_stays_above_the_lower_threshold_is_ever_resolved(values: list[float]) -> None:
    assert RESOLVED not in [each for _, each in firing().looks(values).told]


@given(st.lists(st.floats(0, 400), min_size=6, max_size=60))
def test_it_fires_only_when_every_value_of_two_windows_was_above(values: list[float]) -> None:
    fired = [int(at) for at, each in Watched().looks(values).told if each == FIRED]
    assert all(min(values[at - 5 : at + 1]) >= LATENCY.warning for at in fired)
