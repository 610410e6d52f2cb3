"""Every panel asks the real Elasticsearch for what was counted in the entries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from statistics import fmean
from typing import Any, Final

import pytest

from kibana.assets import saved_objects
from kibana.inputs import BANDS
from tests.kibana.lens import Row, panels_of, rows_of
from tests.kibana.seeds import Json, Seeds

TITLES: Final = [
    panel["title"]
    for each in saved_objects()
    if each["type"] == "dashboard"
    for panel in panels_of(each)
]


def panel_titled(title: str, prefix: str) -> tuple[Json, str]:
    """With the pattern of the indices that it reads."""
    objects = saved_objects(prefix)
    views = {each["id"]: each["attributes"]["title"] for each in objects}
    for each in objects:
        for panel in panels_of(each) if each["type"] == "dashboard" else []:
            if panel["title"] == title:
                references = panel["embeddableConfig"].get("attributes", {}).get("references", [])
                (pattern,) = [views[one["id"]] for one in references] or [""]
                return panel, pattern
    raise AssertionError(title)


def rows(title: str, seeds: Seeds) -> list[Row]:
    panel, pattern = panel_titled(title, seeds.prefix)
    return rows_of(seeds.client, panel, pattern, seeds.period)


def filled(title: str, seeds: Seeds) -> list[Row]:
    """Without what is empty: the buckets of hours in which nothing was."""
    return [row for row in rows(title, seeds) if row[-1]]


def at(entry: Json) -> datetime:
    return datetime.fromisoformat(entry["timestamp"])


def slot(entry: Json, seconds: float) -> int:
    """Start of its bucket, in ms since the epoch."""
    return int(at(entry).timestamp() // seconds * seconds * 1000)


def measured(entries: list[Json], metric: str) -> list[float]:
    found = [each["data"]["performance_metrics"][metric] for each in entries]
    return [value for value in found if value is not None]


def by_slot(entries: list[Json], seeds: Seeds) -> dict[int, list[Json]]:
    found: dict[int, list[Json]] = defaultdict(list)
    for entry in entries:
        found[slot(entry, seeds.period.bucket.total_seconds())].append(entry)
    return found


def is_yes(entry: Json) -> bool:
    """``/predict_proba`` answers no result: the log has what it would be."""
    return bool(entry["data"]["result"]["result"] == "YES")


def statuses(seeds: Seeds, low: int, high: int) -> list[Json]:
    return [each for each in seeds.requests if low <= each["data"]["status"] < high]


def in_bands(seeds: Seeds) -> Iterator[list[Json]]:
    """The predictions of each band, in the table's order."""
    for name, begins in BANDS.items():
        values = [(each, each["data"]["input_data"][name]) for each in seeds.predictions]
        known = [(each, value) for each, value in values if value is not None]
        edges = [float("-inf"), *(begins or (1,)), float("inf")]
        for low, high in pairwise(edges):
            yield [each for each, value in known if low <= value < high]
        if name in ("CIGS_PER_DAY", "GLUCOSE", "TOT_CHOL", "BP_MEDS"):
            yield [each for each, value in values if value is None]


def test_single_figures_are_those_of_the_entries(seeds: Seeds) -> None:
    shown = {
        title: rows(title, seeds)[0][0]
        for title in ("Predictions", "Share of YES", "Mean response time", "Requests refused")
    }
    assert shown == {
        "Predictions": len(seeds.predictions),
        "Share of YES": pytest.approx(fmean(map(is_yes, seeds.predictions))),
        "Mean response time": pytest.approx(fmean(measured(seeds.single_requests, "latency_ms"))),
        "Requests refused": len(statuses(seeds, 400, 500)),
    }


def test_each_single_figure_is_of_something(seeds: Seeds) -> None:
    assert len(seeds.predictions) > 60
    assert 0 < fmean(map(is_yes, seeds.predictions)) < 1
    assert len(seeds.single_requests) < len(seeds.requests)
    assert statuses(seeds, 400, 500)


def test_predictions_an_hour_are_those_of_the_entries(seeds: Seeds) -> None:
    expected = Counter(slot(each, 3600) for each in seeds.predictions)
    assert dict(filled("Predictions an hour", seeds)) == expected


def test_yes_and_no_are_those_of_the_entries(seeds: Seeds) -> None:
    yes = sum(map(is_yes, seeds.predictions))
    assert dict(rows("YES and NO", seeds)) == {"YES": yes, "NO": len(seeds.predictions) - yes}


def test_the_heat_map_is_that_of_the_entries(seeds: Seeds) -> None:
    expected = Counter(
        (f"{at(each):%H}", f"{at(each).isoweekday()} {at(each):%a}") for each in seeds.predictions
    )
    found = rows("Predictions by weekday and hour, UTC", seeds)
    assert {(hour, day): count for hour, day, count in found} == expected
    assert [row[0] for row in found] == sorted(row[0] for row in found)


def between_neighbours(value: float, values: list[float], percent: int) -> bool:
    """Elasticsearch interpolates: the value lies between those around that rank."""
    ranked = sorted(values)
    rank = percent / 100 * len(ranked)
    low = ranked[max(0, int(rank - 1.5))]
    high = ranked[min(len(ranked) - 1, int(rank + 1.5))]
    # Elasticsearch has 32 bits of each.
    return low * (1 - 1e-6) <= value <= high * (1 + 1e-6)


PERCENTILES: Final = [
    ("Response time p50, p95, p99", "latency_ms", (50, 95, 99)),
    ("Latency p50, p95, p99, without batches", "latency_ms", (50, 95, 99)),
    ("Inference time, without batches", "inference_time_ms", (None, 95)),
    ("CPU time of a request, without batches", "cpu_time_ms", (None, 95)),
]


@pytest.mark.parametrize(("title", "metric", "percents"), PERCENTILES)
def test_costs_over_time_are_those_of_the_single_requests(
    title: str, metric: str, percents: tuple[int | None, ...], seeds: Seeds
) -> None:
    expected = {
        start: values
        for start, entries in by_slot(seeds.single_requests, seeds).items()
        if (values := measured(entries, metric))
    }
    found = {row[0]: row[1:] for row in rows(title, seeds) if row[1] is not None}
    assert found.keys() == expected.keys()
    for start, shown in found.items():
        for value, percent in zip(shown, percents, strict=True):
            if percent is None:
                assert value == pytest.approx(fmean(expected[start]), rel=1e-5)
            else:
                assert between_neighbours(value, expected[start], percent)


def test_memory_is_that_of_all_requests(seeds: Seeds) -> None:
    found = {row[0]: row[1:] for row in rows("Memory", seeds) if row[1] is not None}
    expected = {
        start: (
            pytest.approx(max(measured(entries, "memory_mb"))),
            pytest.approx(fmean(measured(entries, "memory_delta_mb")), rel=1e-5, abs=1e-6),
        )
        for start, entries in by_slot(seeds.requests, seeds).items()
    }
    assert found == expected


def test_errors_are_those_of_the_entries(seeds: Seeds) -> None:
    expected = Counter(
        (each["data"]["status"], start)
        for start, entries in by_slot(statuses(seeds, 400, 600), seeds).items()
        for each in entries
    )
    found = {(status, start): count for status, start, count in filled("Errors by status", seeds)}
    assert found == expected
    assert {status for status, _ in found} == {400, 401, 500}


def test_shares_of_yes_by_band_are_those_of_the_entries(seeds: Seeds) -> None:
    expected = [fmean(map(is_yes, band)) for band in in_bands(seeds)]
    found = rows("Top 10 features: share of YES by band", seeds)
    assert [row[1] for row in found] == pytest.approx(expected)


def test_the_table_of_bands_has_somebody_in_each(seeds: Seeds) -> None:
    found = rows("Top 10 features: how many in each band", seeds)
    expected = [(len(band), fmean(map(is_yes, band))) for band in in_bands(seeds)]
    assert [row[1:] for row in found] == [(count, pytest.approx(yes)) for count, yes in expected]
    assert min(count for count, _ in expected) > 0


def test_costly_functions_are_those_of_the_entries(seeds: Seeds) -> None:
    time: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for entry in seeds.requests:
        for each in entry["data"]["performance_metrics"].get("top_functions") or []:
            time[each["function"]] += each["time_ms"]
            calls[each["function"]] += each["calls"]
    found = rows("Top 10 costly functions", seeds)
    # Of two that took the same time either may be the tenth.
    dearest = [spent for _, spent in time.most_common(10)]
    assert [row[1] for row in found] == pytest.approx(dearest, rel=1e-5)
    assert found == [(name, pytest.approx(time[name], rel=1e-5), calls[name]) for name, *_ in found]


TESTED: Final[dict[str, Callable[..., Any]]] = {
    "Predictions": test_single_figures_are_those_of_the_entries,
    "Share of YES": test_single_figures_are_those_of_the_entries,
    "Mean response time": test_single_figures_are_those_of_the_entries,
    "Requests refused": test_single_figures_are_those_of_the_entries,
    "Predictions an hour": test_predictions_an_hour_are_those_of_the_entries,
    "YES and NO": test_yes_and_no_are_those_of_the_entries,
    "Predictions by weekday and hour, UTC": test_the_heat_map_is_that_of_the_entries,
    "Memory": test_memory_is_that_of_all_requests,
    "Errors by status": test_errors_are_those_of_the_entries,
    "Top 10 features: share of YES by band": test_shares_of_yes_by_band_are_those_of_the_entries,
    "Top 10 features: how many in each band": test_the_table_of_bands_has_somebody_in_each,
    "Top 10 costly functions": test_costly_functions_are_those_of_the_entries,
    **{title: test_costs_over_time_are_those_of_the_single_requests for title, *_ in PERCENTILES},
}


def test_no_panel_is_without_a_test() -> None:
    assert sorted(TITLES) == sorted(TESTED)
