"""docs/rules.md names everything that a rule can say, and its examples are rules."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from logpipeline.documents.names import INDEX_NAMES
from logpipeline.rules.actions import ACTIONS
from logpipeline.rules.conditions import CONDITIONS
from logpipeline.rules.repairs import REPAIRS
from logpipeline.rules.rule import NOT_ROUTED
from logpipeline.rules.rules import compile_rules, errors_in
from tests.logpipeline.rules.samples import EVERYTHING, prediction, reading_the_log

PAGE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")


def examples() -> list[list[dict[str, Any]]]:
    """Each block of Python, as a list of rules."""
    found = [ast.literal_eval(block) for block in re.findall(r"```python\n(.*?)```", PAGE, re.S)]
    return [each if isinstance(each, list) else [each] for each in found]


def example(name: str) -> dict[str, Any]:
    return next(each for rules in examples() for each in rules if each["name"] == name)


@pytest.mark.parametrize("name", [*CONDITIONS, *ACTIONS, *REPAIRS])
def test_it_has_a_row_for_everything_a_rule_can_say(name: str) -> None:
    assert f"\n| `{name}` | " in PAGE


@pytest.mark.parametrize("name", [*INDEX_NAMES, NOT_ROUTED, "logpipeline.E001"])
def test_it_explains(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("rules", examples())
def test_its_examples_are_rules(rules: list[dict[str, Any]]) -> None:
    assert errors_in(rules) == []


def test_it_shows_the_default_list() -> None:
    assert settings.LOG_PIPELINE_RULES in examples()


def test_its_first_example_drops_who_reads_the_log_and_nothing_else() -> None:
    rules = compile_rules([example("log readers"), EVERYTHING])
    assert rules.decide(reading_the_log()) == ()
    assert rules.decide(prediction()) == ("ml-api-logs",)


def test_its_last_example_leaves_no_measurement_of_a_person() -> None:
    entry = prediction()
    compile_rules([example("no inputs"), EVERYTHING]).decide(entry)
    assert b"AGE" in prediction().content()
    assert b"AGE" not in entry.content()
