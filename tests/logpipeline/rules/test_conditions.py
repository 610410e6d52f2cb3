import re
from collections.abc import Iterator
from typing import Any

import pytest

from logpipeline.entries import LogEntry
from logpipeline.rules.conditions import CONDITIONS, predicate_of
from logpipeline.rules.declared import DeclarationError
from tests.logpipeline.rules.samples import log_entry

# The condition, the values in the entry on which it holds, those on which it does not.
MESSAGE: list[tuple[dict[str, Any], list[object], list[object]]] = [
    ({"message": "refused: .*AGE"}, ["[id] - refused: BMI, AGE"], ["[id] AGE=52", "", None]),
    ({"message_not": "^\\[id]"}, ["a text", ""], ["[id] POST", None]),
]
LEVEL: list[tuple[dict[str, Any], list[object], list[object]]] = [
    ({"level": "ERROR"}, ["ERROR"], ["INFO", "error", 40, None]),
    ({"level": ["WARNING", "ERROR"]}, ["WARNING", "ERROR"], ["INFO", None]),
]
DATA: list[tuple[dict[str, Any], str, list[object], list[object]]] = [
    ({"method": "GET"}, "method", ["GET"], ["POST", "get", 1, None]),
    ({"method": ["GET", "PUT"]}, "method", ["GET", "PUT"], ["POST", None]),
    ({"path": "^/logs(/|$)"}, "path", ["/logs", "/logs/stats"], ["/logs_api", "/a/logs", None]),
    ({"status": 400}, "status", [400, 500], [200, 399, None]),
    ({"status": {"from": 400, "to": 499}}, "status", [400, 499], [399, 500, None]),
    ({"status": {"from": 500}}, "status", [500, 599], [499, None]),
    ({"status": {"to": 299}}, "status", [200, 299], [300, None]),
    ({"has": ["result"]}, "result", [{"result": "NO"}, "text", 0, False, 0.5], ["", [], {}, None]),
    ({"lacks": ["result"]}, "result", ["", [], {}, None], [{"result": "NO"}, "text", 0, False]),
]
METRICS: list[tuple[dict[str, Any], str, list[object], list[object]]] = [
    ({"slower_than_ms": 100}, "latency_ms", [100.1, 101], [100, 3.5, None]),
    ({"slower_than_ms": 0.5}, "latency_ms", [1], [0.5, None]),
    ({"profiled": True}, "profiled", [True], [False, None, "yes", 1]),
    ({"profiled": False}, "profiled", [False], [True, None, "", 0]),
]


def cases() -> Iterator[tuple[dict[str, Any], LogEntry, bool]]:
    """Each condition, an entry, and whether it holds."""
    for key, table in (("message", MESSAGE), ("level", LEVEL)):
        for predicate, true, false in table:
            for value in true + false:
                yield predicate, log_entry({key: value}), value in true
    for predicate, key, true, false in DATA:
        for value in true + false:
            data: dict[str, Any] = {key: value}
            yield predicate, log_entry(**data), _among(value, true)
    for predicate, key, true, false in METRICS:
        for value in true + false:
            yield predicate, log_entry(performance_metrics={key: value}), _among(value, true)


def _among(value: object, values: list[object]) -> bool:
    """By type, too: 1 is not True."""
    return repr(value) in map(repr, values)


@pytest.mark.parametrize(("predicate", "entry", "expected"), list(cases()))
def test_it_holds_on_what_it_describes_and_on_nothing_else(
    predicate: dict[str, Any], entry: LogEntry, expected: bool
) -> None:
    assert predicate_of(predicate)(entry) is expected


def test_every_condition_is_tried() -> None:
    assert {name for predicate, _, _ in cases() for name in predicate} == CONDITIONS.keys()


@pytest.mark.parametrize("name", sorted(CONDITIONS.keys() - {"lacks"}))
def test_it_does_not_hold_where_the_value_is_missing(name: str) -> None:
    declared = next(predicate[name] for predicate, _, _ in cases() if name in predicate)
    entry = log_entry()
    for missing in ("message", "level"):
        del entry.fields[missing]
    entry.data.clear()
    assert not predicate_of({name: declared})(entry)


def test_what_is_missing_is_lacking() -> None:
    assert predicate_of({"lacks": ["result", "batch_id"]})(log_entry())


def test_has_means_all_of_them() -> None:
    predicate = predicate_of({"has": ["input_data", "result"]})
    assert predicate(log_entry(input_data={"AGE": 52}, result={"result": "NO"}))
    assert not predicate(log_entry(input_data={"AGE": 52}, result=None))


def test_lacks_means_all_of_them() -> None:
    predicate = predicate_of({"lacks": ["input_data", "result"]})
    assert predicate(log_entry(input_data={}, result=None))
    assert not predicate(log_entry(input_data={"AGE": 52}, result=None))


@pytest.mark.parametrize("declared", [{"slower_than_ms": 1}, {"profiled": False}])
def test_an_entry_without_metrics_is_neither_slow_nor_unprofiled(declared: object) -> None:
    assert not predicate_of(declared)(log_entry(performance_metrics=None))


def test_no_condition_always_holds() -> None:
    assert predicate_of({})(log_entry())


def test_all_conditions_must_hold() -> None:
    predicate = predicate_of({"method": "GET", "path": "^/logs"})
    assert predicate(log_entry(method="GET", path="/logs"))
    assert not predicate(log_entry(method="GET", path="/predict"))
    assert not predicate(log_entry(method="POST", path="/logs"))


def test_a_function_may_be_the_predicate() -> None:
    assert predicate_of(lambda entry: entry.data["status"] == 200)(log_entry())


def test_a_dotted_path_may_be_the_predicate() -> None:
    path = f"{__name__}.{is_at_noon.__name__}"
    assert predicate_of(path)(log_entry()) is True


def is_at_noon(entry: LogEntry) -> bool:
    return entry.moment.hour == "12"


@pytest.mark.parametrize(
    ("declared", "wrong"),
    [
        ({"hass": ["result"]}, "unknown condition 'hass', known are message, message_not, method"),
        ({1: "text"}, "unknown condition 1,"),
        ({"message": "a(b"}, "condition 'message': bad regex 'a(b': missing ), unterminated"),
        ({"message": "a(b"}, "at position 1"),
        ({"path": "a{99999999999999999999}"}, "condition 'path': bad regex 'a{9"),
        ({"message": 5}, "condition 'message': must be a text, not int"),
        ({"message_not": ""}, "condition 'message_not': an empty text"),
        ({"method": []}, "condition 'method': an empty list"),
        ({"method": "get"}, "condition 'method': 'get' must be in capitals"),
        ({"method": ["GET", None]}, "condition 'method': must be a text, not NoneType"),
        ({"method": {"GET": 1}}, "condition 'method': must be a list, not dict"),
        ({"level": "WARN"}, "condition 'level': unknown level 'WARN', known are DEBUG, INFO,"),
        ({"status": "400"}, "condition 'status': must be a number, not str"),
        ({"status": True}, "condition 'status': must be a number, not bool"),
        ({"status": {}}, "condition 'status': must be a number or have 'from', 'to' or both"),
        ({"status": {"form": 400}}, "must be a number or have 'from', 'to' or both"),
        ({"status": {"from": 500, "to": 400}}, "condition 'status': 'from' 500 is above 'to' 400"),
        ({"slower_than_ms": None}, "condition 'slower_than_ms': must be a number, not NoneType"),
        ({"profiled": 1}, "condition 'profiled': must be True or False, not int"),
        ({"has": "result"}, "condition 'has': must be a list, not str"),
        ({"has": []}, "condition 'has': an empty list"),
        ({"lacks": [""]}, "condition 'lacks': an empty text"),
        (None, "predicate: NoneType cannot be called"),
        ("os.path.curdir", "predicate: 'os.path.curdir' cannot be called"),
        ("os.path.nothing", "predicate: 'os.path.nothing' cannot be imported: Module"),
        ("no.such.module", "predicate: 'no.such.module' cannot be imported: No module"),
        ("everything", "predicate: 'everything' cannot be imported: everything doesn't look"),
        ("..rules", "predicate: '..rules' is not a dotted path"),
        ("", "predicate: '' is not a dotted path"),
    ],
)
def test_it_refuses_what_cannot_be_meant(declared: object, wrong: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(wrong)):
        predicate_of(declared)
