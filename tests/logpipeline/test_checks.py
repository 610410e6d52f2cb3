import io

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from logpipeline.checks import check_rules
from tests.logpipeline.rules.samples import EVERYTHING

BAD = [
    {"name": "a", "predicate": {"hass": ["result"]}, "action": "drop"},
    EVERYTHING,
    {"name": "b", "predicate": {"message": "a(b"}, "action": "drop"},
    {"name": "c", "predicate": {}, "action": "route", "index": "nowhere"},
]


def test_the_settings_own_list_is_good() -> None:
    assert check_rules(None) == []


def test_each_bad_rule_is_an_error_with_its_position_and_name(settings: Settings) -> None:
    settings.LOG_PIPELINE_RULES = BAD
    assert [error.msg.split(",")[0] for error in check_rules(None)] == [
        "Rule 1 ('a'): unknown condition 'hass'",
        "Rule 3 ('b'): condition 'message': bad regex 'a(b': missing )",
        "Rule 4 ('c'): index: unknown index 'nowhere'",
    ]


def test_django_runs_it(settings: Settings) -> None:
    settings.LOG_PIPELINE_RULES = BAD
    assert [error.id for error in run_checks()] == ["logpipeline.E001"] * 3


def test_a_bad_list_stops_a_command(settings: Settings) -> None:
    settings.LOG_PIPELINE_RULES = []
    sentence = "LOG_PIPELINE_RULES: (logpipeline.E001) The list of rules: an empty list"
    with pytest.raises(SystemCheckError) as caught:
        call_command("check", stderr=io.StringIO())
    assert sentence in str(caught.value)
