import logging
from typing import Any

import pytest
from django.conf import settings

from logpipeline.documents.names import INDEX_NAMES
from logpipeline.entries import LogEntry
from logpipeline.rules.rule import NOT_ROUTED
from logpipeline.rules.rules import Rules, compile_rules
from tests.logpipeline.rules.samples import (
    EVERYTHING,
    batch,
    drop,
    log_entry,
    prediction,
    reading_the_log,
    redact,
    refused_prediction,
    repair,
    route,
)
from tests.predictions.logs import raising

LOGS, MESSAGE, PERFS = INDEX_NAMES


@pytest.fixture
def usual() -> Rules:
    """The settings' own list."""
    return compile_rules(settings.LOG_PIPELINE_RULES)


def test_a_prediction_goes_everywhere(usual: Rules) -> None:
    assert usual.decide(prediction()) == (LOGS, MESSAGE, PERFS)


def test_a_refused_prediction_has_no_message(usual: Rules) -> None:
    assert usual.decide(refused_prediction()) == (LOGS, PERFS)


def test_a_batch_is_measured_as_a_whole(usual: Rules) -> None:
    summary, answered, refused = batch()
    assert usual.decide(summary) == (LOGS, PERFS)
    assert usual.decide(answered) == (LOGS, MESSAGE)
    assert usual.decide(refused) == (LOGS,)


def test_reading_the_log_is_logged_and_measured(usual: Rules) -> None:
    assert usual.decide(reading_the_log()) == (LOGS, PERFS)


def test_the_usual_rules_leave_an_entry_as_it_came(usual: Rules) -> None:
    entry = prediction()
    usual.decide(entry)
    assert entry.raw is not None
    assert entry.filtered_by == ""


def test_routes_add_up() -> None:
    rules = compile_rules([route(PERFS), route(LOGS)])
    assert rules.decide(log_entry()) == (LOGS, PERFS)


def test_two_routes_to_one_index_are_one() -> None:
    rules = compile_rules([EVERYTHING, route(LOGS)])
    assert rules.decide(log_entry()) == (LOGS,)


def test_what_no_rule_routes_is_filtered() -> None:
    entry = log_entry(status=200)
    assert compile_rules([route(LOGS, {"status": 500})]).decide(entry) == ()
    assert entry.filtered_by == NOT_ROUTED


def test_a_drop_is_the_end_even_for_what_was_routed() -> None:
    entry = log_entry()
    assert compile_rules([EVERYTHING, drop("no more"), route(PERFS)]).decide(entry) == ()
    assert entry.filtered_by == "no more"


def test_no_rule_runs_after_a_drop() -> None:
    rules = compile_rules([drop(), repair(raising(ValueError))])
    rules.decide(log_entry())
    assert rules.errors == {}


def test_a_drop_passes_over_what_it_does_not_describe() -> None:
    rules = compile_rules([drop(predicate={"method": "GET"}), EVERYTHING])
    assert rules.decide(log_entry(method="POST")) == (LOGS,)


def test_a_rule_sees_what_an_earlier_one_repaired() -> None:
    rules = compile_rules([repair("fix_level"), route(PERFS, {"level": "WARNING"})])
    assert rules.decide(log_entry({"level": "warn"})) == (PERFS,)


def test_a_rule_does_not_see_what_a_later_one_repairs() -> None:
    rules = compile_rules([route(PERFS, {"level": "WARNING"}), repair("fix_level"), EVERYTHING])
    assert rules.decide(log_entry({"level": "warn"})) == (LOGS,)


def test_a_rule_does_not_see_what_an_earlier_one_redacted() -> None:
    rules = compile_rules([redact("message"), route(PERFS, {"message": "."}), EVERYTHING])
    assert rules.decide(log_entry()) == (LOGS,)


@pytest.mark.parametrize(
    "failing",
    [
        route(PERFS, raising(RuntimeError)),
        drop(predicate=raising(KeyError)),
        repair(raising(ValueError)),
        route(PERFS, {"slower_than_ms": 5}),
        drop(predicate={"message": "."}),
    ],
)
def test_a_rule_that_raises_is_counted_and_the_next_one_runs(failing: dict[str, Any]) -> None:
    rules = compile_rules([failing, EVERYTHING])
    odd = log_entry({"message": 5}, performance_metrics={"latency_ms": "fast"})
    assert rules.decide(odd) == (LOGS,)
    assert rules.errors == {failing["name"]: 1}


def test_what_was_routed_before_a_rule_raised_stays_routed() -> None:
    rules = compile_rules([route(PERFS), repair(raising(ValueError)), route(MESSAGE)])
    assert rules.decide(log_entry()) == (MESSAGE, PERFS)


def test_an_entry_is_filtered_where_only_failing_rules_would_have_routed_it() -> None:
    entry = log_entry()
    assert compile_rules([route(LOGS, raising(ValueError))]).decide(entry) == ()
    assert entry.filtered_by == NOT_ROUTED


def test_every_time_that_a_rule_raises_counts() -> None:
    rules = compile_rules([drop("first", raising(ValueError)), drop("last", raising(KeyError))])
    for _ in range(3):
        rules.decide(log_entry())
    assert rules.errors == {"first": 3, "last": 3}


def test_a_failure_is_told_once_by_its_class(caplog: pytest.LogCaptureFixture) -> None:
    def fail(entry: LogEntry) -> None:
        raise ValueError(entry.fields["message"])

    rules = compile_rules([repair(fail), EVERYTHING])
    for _ in range(3):
        rules.decide(log_entry({"message": "AGE=52"}))
    assert caplog.record_tuples == [
        ("logpipeline.rules.rules", logging.WARNING, "The rule 'repair' raised ValueError")
    ]


def test_a_rule_does_not_hold_up_the_end_of_the_process() -> None:
    rules = compile_rules([repair(raising(SystemExit)), EVERYTHING])
    with pytest.raises(SystemExit):
        rules.decide(log_entry())
