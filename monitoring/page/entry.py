"""One log entry as a page: what was asked, what was answered, what it cost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from monitoring.page.figures.cost import FunctionRow, function_rows
from monitoring.page.formats import NOTHING, megabytes, milliseconds, whole
from monitoring.page.results import Row, number, part, row_of
from predictions.features import BY_NAME, FEATURES, Kind
from predictions.page.presentation import in_percent, short, with_unit


@dataclass(frozen=True, slots=True)
class Input:
    """``remark``: what was taken instead, or that the model saw no such value in training."""

    name: str
    label: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """``refused``: field, value and reason of each input that was not accepted."""

    row: Row
    facts: Sequence[Fact]
    inputs: Sequence[Input]
    result: Sequence[Fact]
    refused: Sequence[Sequence[str]]
    metrics: Sequence[Fact]
    functions: Sequence[FunctionRow]
    not_profiled: str
    raw: str


def entry_page(entry: Mapping[str, Any]) -> EntryPage:
    """Of any entry: what it has not, or has in another shape, is left out."""
    data = part(entry, "data")
    metrics = part(data, "performance_metrics")
    return EntryPage(
        row=row_of(entry),
        facts=_facts(data),
        inputs=_inputs(part(data, "input_data"), part(data, "result")),
        result=_result(part(data, "result")),
        refused=_refused(data.get("invalid_input")),
        metrics=_metrics(metrics),
        functions=_functions(metrics.get("top_functions")),
        not_profiled=str(metrics.get("not_profiled") or ""),
        raw=json.dumps(entry, indent=2, ensure_ascii=False, default=str),
    )


def _facts(data: Mapping[str, Any]) -> Sequence[Fact]:
    given = [
        (_("Method"), data.get("method")),
        (_("Batch"), data.get("batch_id")),
        (_("Request id of the client"), data.get("request_id")),
        (_("Model"), data.get("model_version")),
    ]
    return [Fact(label, str(value)) for label, value in given if value]


def _inputs(inputs: Mapping[str, Any], result: Mapping[str, Any]) -> Sequence[Input]:
    """In the order of the form; names that we do not know come last."""
    names = [feature.name for feature in FEATURES if feature.name in inputs]
    names += [name for name in inputs if name not in BY_NAME]
    imputed = part(result, "imputed")
    warned = {
        str(each.get("field")) for each in _objects(result.get("warnings")) if each.get("field")
    }
    return [
        Input(
            name,
            str(BY_NAME[name].label) if name in BY_NAME else name,
            _value(name, inputs[name]),
            _remark(name, imputed, warned),
        )
        for name in names
    ]


def _value(name: str, value: object) -> str:
    given = number(value)
    if value is None:
        return _("unknown")
    if given is None:
        return str(value)
    feature = BY_NAME.get(name)
    if feature is None or (feature.kind is Kind.CHOICE and given not in (0, 1)):
        return short(given)
    return with_unit(name, given)


def _remark(name: str, imputed: Mapping[str, Any], warned: set[str]) -> str:
    if name in imputed:
        return _("imputed: %(value)s") % {"value": _value(name, imputed[name])}
    return _("outside the range of the training data") if name in warned else ""


def _result(result: Mapping[str, Any]) -> Sequence[Fact]:
    shares = [
        (_("Probability"), number(result.get("probability"))),
        (_("Mean probability"), number(result.get("mean_probability"))),
        (_("Threshold"), number(result.get("threshold"))),
    ]
    counts = [
        (_("Rows"), number(result.get("rows"))),
        (_("Refused rows"), number(result.get("errors"))),
        ("YES", number(part(result, "results").get("YES"))),
        ("NO", number(part(result, "results").get("NO"))),
    ]
    answer = result.get("result")
    band = result.get("risk_band")
    return [
        *([Fact(_("Answer"), str(answer))] if answer else ()),
        *(
            Fact(label, in_percent(value, decimals=1))
            for label, value in shares
            if value is not None
        ),
        *([Fact(_("Risk band"), _(str(band)))] if band else ()),
        *(Fact(label, whole(value)) for label, value in counts if value is not None),
    ]


def _refused(invalid: object) -> Sequence[Sequence[str]]:
    return [
        [str(each.get(name) or NOTHING) for name in ("field", "value", "reason")]
        for each in _objects(invalid)
    ]


def _metrics(metrics: Mapping[str, Any]) -> Sequence[Fact]:
    if not metrics:
        return []
    written = [
        (_("Response time"), milliseconds(number(metrics.get("latency_ms")))),
        (_("Time of the model"), milliseconds(number(metrics.get("inference_time_ms")))),
        (_("CPU time"), milliseconds(number(metrics.get("cpu_time_ms")))),
        (_("Memory of the process"), megabytes(number(metrics.get("memory_mb")))),
        (_("Growth of memory"), megabytes(number(metrics.get("memory_delta_mb")))),
        (_("Function calls"), whole(number(metrics.get("function_calls")))),
    ]
    return [Fact(label, value) for label, value in written if value != NOTHING]


def _functions(costs: object) -> Sequence[FunctionRow]:
    return function_rows(
        [
            (
                str(each.get("function") or NOTHING),
                int(number(each.get("calls")) or 0),
                number(each.get("time_ms")) or 0,
            )
            for each in _objects(costs)
        ]
    )


def _objects(value: object) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list):
        return []
    return [each for each in value if isinstance(each, dict)]
