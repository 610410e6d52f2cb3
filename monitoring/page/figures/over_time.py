"""What all charts over time have in common."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from monitoring.overview import Overview
from monitoring.page.charts.marks import Series, line, stacked_bars
from monitoring.page.charts.scale import Axis
from monitoring.page.charts.shapes import Chart, Dot, Key, Path, Rule, Table, percent
from monitoring.page.charts.timeline import Timeline
from monitoring.page.formats import compact

Format = Callable[[float | None], str]
# A label, and a value in the axis' unit.
Level = tuple[str, float]


def timeline_of(overview: Overview) -> Timeline:
    return Timeline(overview.slices[0].start, overview.period.bucket, len(overview.slices))


def bars(
    name: str, title: str, overview: Overview, layers: Sequence[Series], write: Format
) -> Chart:
    """Of counts, stacked; without a summary."""
    sums = [sum(values) for values in zip(*(_numbers(layer) for layer in layers), strict=True)]
    axis = Axis.reaching(max(sums, default=0), whole=True)
    timeline = timeline_of(overview)
    return Chart(
        name=name,
        title=title,
        boxes=stacked_bars(axis, layers),
        columns=timeline.columns(_titles(timeline, overview, layers, write)),
        x_ticks=timeline.ticks(),
        y_ticks=axis.ticks(compact),
        table=_table(timeline, overview, layers, write),
    )


def lines(
    name: str,
    title: str,
    overview: Overview,
    series: Sequence[Series],
    write: Format,
    *,
    levels: Sequence[Level] = (),
) -> Chart:
    """Of what is measured; ``levels`` are drawn where the axis reaches them anyway. No summary."""
    axis = Axis.reaching(max(each.greatest for each in series))
    timeline = timeline_of(overview)
    paths: list[Path] = []
    dots: list[Dot] = []
    for each in series:
        path, lonely = line(axis, each)
        paths.append(path)
        dots += lonely
    return Chart(
        name=name,
        title=title,
        paths=paths,
        dots=dots,
        rules=_rules(axis, levels),
        keys=[Key(each.tone, each.label) for each in series] if len(series) > 1 else (),
        columns=timeline.columns(_titles(timeline, overview, series, write)),
        x_ticks=timeline.ticks(),
        y_ticks=axis.ticks(compact),
        table=_table(timeline, overview, series, write),
        empty="" if any(each.is_measured for each in series) else _("Nothing was measured."),
    )


def _rules(axis: Axis, levels: Sequence[Level]) -> Sequence[Rule]:
    return [
        Rule(label, y=percent(1 - axis.height(value)))
        for label, value in levels
        if value <= axis.high
    ]


def _numbers(series: Series) -> Sequence[float]:
    return [value or 0 for value in series.values]


def _titles(
    timeline: Timeline, overview: Overview, series: Sequence[Series], write: Format
) -> Sequence[str]:
    titles = []
    for place, (label, one) in enumerate(zip(timeline.labels(), overview.slices, strict=True)):
        if one.requests:
            values = [f"{each.label} {write(each.values[place])}" for each in series]
            titles.append(f"{label}\n" + "\n".join(values))
        else:
            titles.append(f"{label}\n" + _("no requests"))
    return titles


def _table(
    timeline: Timeline, overview: Overview, series: Sequence[Series], write: Format
) -> Table:
    """Without the buckets that had no requests."""
    return Table(
        head=[_("Time (UTC)"), *(each.label for each in series)],
        rows=[
            [label, *(write(each.values[place]) for each in series)]
            for place, (label, one) in enumerate(
                zip(timeline.labels(), overview.slices, strict=True)
            )
            if one.requests
        ],
    )
