"""Whatever an entry holds, the rules decide."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from logpipeline.documents.names import INDEX_NAMES
from logpipeline.entries import LogEntry, Moment
from logpipeline.rules.conditions import CONDITIONS
from logpipeline.rules.repairs import REPAIRS
from logpipeline.rules.rules import compile_rules
from tests.logpipeline.rules.samples import redact, rule

LOGS, _, _ = INDEX_NAMES

# Few letters, so that words come up that mean something.
TEXT = st.sampled_from(["result", "value", "yes", "warn", "GET"]) | st.text("a5,-é\0", max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
KEYS = ("input_data", "result", "invalid_input", "performance_metrics", "method", "path", "status")
METRICS = st.fixed_dictionaries({}, optional={"latency_ms": JSON, "profiled": JSON})
DATA = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(KEYS, JSON), "performance_metrics": JSON | METRICS}
)
FIELDS = st.fixed_dictionaries(
    {}, optional={"message": JSON, "level": JSON, "timestamp": JSON, "data": DATA | JSON}
)
DECLARED: dict[str, Any] = {
    "message": "a",
    "message_not": "a",
    "method": "GET",
    "path": "a",
    "status": 400,
    "level": "INFO",
    "slower_than_ms": 5,
    "profiled": True,
    "has": ["result", "input_data"],
    "lacks": ["result", "input_data"],
}
RULES = compile_rules(
    [
        *(rule(name, action="repair", repair=name) for name in REPAIRS),
        redact("message", "data.result.result", "data.invalid_input.value"),
        *(rule(name, {name: DECLARED[name]}, action="route", index=LOGS) for name in CONDITIONS),
    ]
)


@given(FIELDS)
def test_it_never_raises(fields: dict[str, Any]) -> None:
    entry = LogEntry(fields, b"", "id", Moment("", "", "", ""))
    assert RULES.decide(entry) in ((LOGS,), ())


@given(FIELDS)
def test_neither_repairs_nor_redactions_raise(fields: dict[str, Any]) -> None:
    RULES.errors.clear()
    RULES.decide(LogEntry(fields, b"", "id", Moment("", "", "", "")))
    assert not RULES.errors.keys() & {*REPAIRS, "redact"}
