"""The overview of the window: small traffic, counted by hand."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from monitoring.overview import CostlyFunction, Overview, Quantiles, Slice
from monitoring.period import Period
from monitoring.sources.window import overview_of_window, read_window
from predictions.log.entry import Entries
from tests.monitoring.traffic import (
    NOON,
    Cost,
    batch,
    days_of_traffic,
    failure,
    log,
    look,
    prediction,
    refusal,
    summaries,
)

HOUR = Period(NOON - timedelta(hours=1), NOON)
HALF_PAST = NOON - timedelta(minutes=30)


def overview(traffic: Iterable[Entries], period: Period = HOUR) -> Overview:
    return overview_of_window(summaries(traffic), period)


def busy(found: Overview) -> list[Slice]:
    return [each for each in found.slices if each.requests]


def test_it_counts_requests_predictions_and_errors() -> None:
    traffic = [prediction(HALF_PAST), refusal(HALF_PAST), failure(HALF_PAST), look(HALF_PAST)]
    found = overview([*traffic, batch(HALF_PAST, [0.1, 0.2, 0.3], refused=2)])
    assert (found.requests, found.predictions, found.yes, found.no) == (5, 4, 2, 2)
    assert (found.client_errors, found.server_errors) == (1, 1)


def test_it_measures_the_latency_of_single_requests() -> None:
    single = [prediction(HALF_PAST, cost=Cost(latency=ms)) for ms in (1, 2, 3, 4, 5)]
    found = overview([*single, batch(HALF_PAST, [0.1], cost=Cost(latency=9000))])
    assert found.latency == Quantiles(3, 4.8, 4.96)
    assert found.mean_latency_ms == 3


def test_a_slice_has_the_same_figures_of_its_time_only() -> None:
    before = prediction(HALF_PAST - timedelta(minutes=10), cost=Cost(latency=99))
    costs = [Cost(latency=2, cpu=1, inference=None, memory=100), Cost(latency=4, cpu=3, memory=300)]
    now = [prediction(HALF_PAST, cost=cost) for cost in costs]
    slices = busy(overview([before, *now, refusal(HALF_PAST, cost=None)]))
    assert slices[1] == Slice(
        start=HALF_PAST,
        requests=3,
        predictions=2,
        client_errors=1,
        latency=Quantiles(3, 3.9, 3.98),
        cpu_ms=2,
        inference_ms=0.4,
        memory_mb=200,
    )


def test_slices_are_aligned_to_the_epoch_and_have_no_gap() -> None:
    crooked = Period(NOON - timedelta(minutes=61), NOON - timedelta(minutes=1))
    starts = [each.start for each in overview([], crooked).slices]
    width = crooked.bucket
    assert starts[0] == datetime(2026, 11, 24, 10, 55, tzinfo=UTC)
    assert starts == [starts[0] + n * width for n in range(13)]


def test_a_slice_without_requests_measured_nothing() -> None:
    assert overview([]).slices[0] == Slice(start=HOUR.start)


def test_a_bar_of_the_histogram_begins_with_its_lower_edge() -> None:
    probabilities = (0.0, 0.049, 0.05, 0.15, 0.999, 1.0)
    bars = overview([prediction(HALF_PAST, p) for p in probabilities]).probabilities
    assert [(bar, count) for bar, count in enumerate(bars) if count] == [
        (0, 2),
        (1, 1),
        (3, 1),
        (19, 2),
    ]


def test_a_batch_is_not_in_the_histogram() -> None:
    assert sum(overview([batch(HALF_PAST, [0.1, 0.9])]).probabilities) == 0


def test_the_ten_costliest_functions_are_summed_over_all_requests() -> None:
    shared = {f"f{n:02}": (1, 0.5) for n in range(12)}
    costs = [Cost(functions=shared), Cost(functions={"dear": (3, 9.0), "f11": (2, 1.0)})]
    functions = overview([prediction(HALF_PAST, cost=cost) for cost in costs]).functions
    assert functions[:3] == [
        CostlyFunction("dear", 3, 9.0),
        CostlyFunction("f11", 3, 1.5),
        CostlyFunction("f00", 1, 0.5),
    ]
    assert len(functions) == 10


def test_the_heat_map_has_predictions_by_weekday_and_hour() -> None:
    sunday = datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=UTC)
    traffic = [prediction(sunday), batch(sunday + timedelta(hours=1), [0.1, 0.2]), refusal(NOON)]
    heat = overview(traffic, Period(sunday, NOON)).heat
    found = {(day, hour): n for day, row in enumerate(heat) for hour, n in enumerate(row) if n}
    assert found == {(6, 23): 1, (0, 0): 2}


def test_it_says_how_far_back_the_window_reaches() -> None:
    assert overview([prediction(HALF_PAST), prediction(NOON)]).reaches_back_to == HALF_PAST


def test_it_says_nothing_of_that_where_the_window_has_the_whole_period() -> None:
    assert overview([prediction(HOUR.start), prediction(NOON)]).reaches_back_to is None


def test_it_passes_over_what_somebody_else_pushed() -> None:
    entries = [{"data": "?"}, *summaries([prediction(HALF_PAST)]), {"timestamp": 1}]
    assert overview_of_window(entries, HOUR).requests == 1


@pytest.mark.usefixtures("valkey")
def test_it_reads_the_window_of_the_site() -> None:
    log([prediction(HOUR.start - timedelta(days=1)), prediction(HALF_PAST), prediction(NOON)])
    found = read_window(HOUR)
    assert (found.source, found.requests, found.reaches_back_to) == ("redis", 1, None)


def test_ten_thousand_entries_take_much_less_than_a_second() -> None:
    day = Period(NOON - timedelta(days=1), NOON)
    entries = summaries(days_of_traffic(day.end, day.span, 500))
    # The same at other ids, which are quicker to make.
    many = [
        {**entry, "data": {**entry["data"], "transaction_id": str(n)}}
        for n, entry in enumerate(entries * 20)
    ]
    began = time.process_time()
    assert overview_of_window(many, day).requests == 10_000
    # 0.1 s, several times as much while coverage is measured.
    assert time.process_time() - began < 1
