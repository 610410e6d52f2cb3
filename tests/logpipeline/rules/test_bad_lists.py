from typing import Any

import pytest
from django.conf import settings

from logpipeline.documents.names import INDEX_NAMES
from logpipeline.rules.rule import NOT_ROUTED
from logpipeline.rules.rules import RuleError, compile_rules, errors_in
from tests.logpipeline.rules.samples import EVERYTHING, drop, redact, repair, route, rule

LOGS, _, _ = INDEX_NAMES

BAD: list[tuple[list[Any], int | None, str, str]] = [
    ([], None, "", "The list of rules: an empty list, so that nothing would be indexed"),
    ([EVERYTHING, "drop"], 1, "", "Rule 2: must be a dict, not str"),
    ([{}], 0, "", "Rule 1: missing key 'name'"),
    ([{"name": "a", "action": "drop"}], 0, "a", "Rule 1 ('a'): missing key 'predicate'"),
    ([{"name": "a", "predicate": {}}], 0, "a", "Rule 1 ('a'): missing key 'action'"),
    ([rule("a", action="route")], 0, "a", "Rule 1 ('a'): missing key 'index'"),
    ([rule("a", action="repair")], 0, "a", "Rule 1 ('a'): missing key 'repair'"),
    ([rule("a", action="redact")], 0, "a", "Rule 1 ('a'): missing key 'fields'"),
    (
        [EVERYTHING, rule("a", action="keep")],
        1,
        "a",
        "Rule 2 ('a'): unknown action 'keep', known are drop, route, repair, redact",
    ),
    (
        [rule("a", action="drop", index=LOGS)],
        0,
        "a",
        "Rule 1 ('a'): surplus key 'index'",
    ),
    ([rule("", action="drop")], 0, "", "Rule 1: name: must be a text"),
    ([{**drop(), "name": 5}], 0, "", "Rule 1: name: must be a text"),
    (
        [rule(NOT_ROUTED, action="drop")],
        0,
        NOT_ROUTED,
        f"Rule 1 ('{NOT_ROUTED}'): name: '{NOT_ROUTED}' is what entries without a route count "
        "under",
    ),
    (
        [EVERYTHING, drop(), EVERYTHING],
        2,
        "everything",
        "Rule 3 ('everything'): an earlier rule has the same name",
    ),
    (
        [EVERYTHING, drop("a", {"has": "result"})],
        1,
        "a",
        "Rule 2 ('a'): condition 'has': must be a list, not str",
    ),
    (
        [route("ml-api")],
        0,
        "to ml-api",
        "Rule 1 ('to ml-api'): index: unknown index 'ml-api', known are ml-api-logs, "
        "ml-api-message, ml-api-perfs",
    ),
    ([redact()], 0, "redact", "Rule 1 ('redact'): fields: an empty list"),
    ([repair(5)], 0, "repair", "Rule 1 ('repair'): repair: int cannot be called"),
]


@pytest.mark.parametrize(("declarations", "position", "name", "sentence"), BAD)
def test_a_bad_list_is_refused_with_position_and_name(
    declarations: list[Any], position: int | None, name: str, sentence: str
) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rules(declarations)
    found = caught.value
    assert (found.position, found.name, str(found)) == (position, name, sentence)


@pytest.mark.parametrize("declarations", [None, "everything", {"everything": EVERYTHING}])
def test_what_is_no_list_is_refused(declarations: object) -> None:
    with pytest.raises(RuleError, match="The list of rules: must be a list, not ") as caught:
        compile_rules(declarations)
    assert caught.value.position is None


def test_every_bad_rule_is_found() -> None:
    found = errors_in([drop("a", {"x": 1}), EVERYTHING, drop("b", None), {"name": "c"}])
    assert [(error.position, error.name) for error in found] == [(0, "a"), (3, "c")]


def test_a_good_list_has_no_errors() -> None:
    assert errors_in([*settings.LOG_PIPELINE_RULES, drop()]) == []
