"""What the answers cost: time, processor, memory, and in which functions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from monitoring.alerts.definitions import BY_NAME
from monitoring.overview import Overview, Slice
from monitoring.page.charts.marks import Series, Values
from monitoring.page.charts.shapes import Chart, percent
from monitoring.page.figures.over_time import Level, lines
from monitoring.page.formats import megabytes, milliseconds, whole


def latency(overview: Overview) -> Chart:
    """Of single requests; three lines, told apart by their dashes too."""
    total = overview.latency
    series = [
        Series("three", "p99", [one.latency.p99 for one in overview.slices]),
        Series("two", "p95", [one.latency.p95 for one in overview.slices]),
        Series("one", "p50", [one.latency.p50 for one in overview.slices]),
    ]
    title = _("Response time of single requests")
    return replace(
        lines("latency", title, overview, series, milliseconds),
        unit="ms",
        summary=_("Over the whole period: p50 %(p50)s, p95 %(p95)s, p99 %(p99)s.")
        % {
            "p50": milliseconds(total.p50),
            "p95": milliseconds(total.p95),
            "p99": milliseconds(total.p99),
        },
    )


def cpu(overview: Overview) -> Chart:
    return _mean(
        "cpu",
        _("CPU time of a request"),
        overview,
        [one.cpu_ms for one in overview.slices],
        levels=_thresholds("cpu"),
    )


def inference(overview: Overview) -> Chart:
    return _mean(
        "inference",
        _("Time of the model in a request"),
        overview,
        [one.inference_ms for one in overview.slices],
        levels=_thresholds("inference"),
    )


def memory(overview: Overview) -> Chart:
    values = [one.memory_mb for one in overview.slices]
    series = [Series("one", _("mean"), values)]
    return replace(
        lines("memory", _("Memory of a process"), overview, series, megabytes),
        unit=_("MB"),
        summary=_("Resident set, mean of all requests; at most %(greatest)s.")
        % {"greatest": megabytes(_greatest(values))},
    )


def _mean(
    name: str, title: str, overview: Overview, values: Values, levels: Sequence[Level]
) -> Chart:
    series = [Series("one", _("mean"), values)]
    return replace(
        lines(name, title, overview, series, milliseconds, levels=levels),
        unit="ms",
        summary=_("Mean %(mean)s; at most %(greatest)s.")
        % {
            "mean": milliseconds(_weighted_mean(overview.slices, values)),
            "greatest": milliseconds(_greatest(values)),
        },
    )


def _thresholds(alert: str) -> Sequence[Level]:
    definition = BY_NAME[alert]
    return [(_("warning"), definition.warning), (_("critical"), definition.critical)]


def _greatest(values: Values) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _weighted_mean(slices: Sequence[Slice], values: Values) -> float | None:
    """By requests; about the mean of all, of which some may not have been measured."""
    pairs = [
        (one.requests, value)
        for one, value in zip(slices, values, strict=True)
        if value is not None and one.requests
    ]
    total = sum(requests for requests, _value in pairs)
    return sum(requests * value for requests, value in pairs) / total if total else None


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """``place`` is where its code is, ``bar`` its time as a share of the costliest one's."""

    name: str
    place: str
    calls: str
    time: str
    bar: str


def functions(overview: Overview) -> Sequence[FunctionRow]:
    """The costliest first."""
    return function_rows([(each.function, each.calls, each.time_ms) for each in overview.functions])


def function_rows(costs: Sequence[tuple[str, int, float]]) -> Sequence[FunctionRow]:
    """Of ``file:line(function)``, calls, milliseconds of its own."""
    greatest = max((time_ms for _function, _calls, time_ms in costs), default=0)
    rows = []
    for function, calls, time_ms in costs:
        place, found, name = function.partition("(")
        rows.append(
            FunctionRow(
                name=name.removesuffix(")") if found and place else function,
                place=place if found else "",
                calls=whole(calls),
                time=milliseconds(time_ms),
                bar=percent(time_ms / greatest if greatest else 0),
            )
        )
    return rows
