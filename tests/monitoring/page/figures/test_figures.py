"""From an overview to charts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from monitoring.overview import Overview, Slice
from monitoring.page.charts.shapes import Chart
from monitoring.page.figures import cost, people, traffic
from monitoring.page.figures.tiles import predictions_an_hour, tiles
from monitoring.period import Period
from tests.monitoring.page.overviews import BUSY, HOUR, QUIET, nothing, overview
from tests.monitoring.traffic import NOON

CHARTS = [
    traffic.predictions,
    traffic.errors,
    traffic.week,
    people.answers,
    people.probabilities,
    cost.latency,
    cost.cpu,
    cost.inference,
    cost.memory,
]


@pytest.mark.parametrize("chart_of", CHARTS)
def test_it_says_what_is_missing_where_nothing_was_asked(
    chart_of: Callable[[Overview], Chart],
) -> None:
    assert chart_of(nothing()).empty


@pytest.mark.parametrize("chart_of", CHARTS)
def test_every_chart_has_a_summary_and_a_table(chart_of: Callable[[Overview], Chart]) -> None:
    chart = chart_of(overview())
    assert chart.empty == ""
    assert chart.summary
    assert chart.table is not None
    assert all(len(row) == len(chart.table.head) for row in chart.table.rows)


def test_predictions_are_bars_and_an_empty_bucket_is_none() -> None:
    chart = traffic.predictions(overview())
    assert len(chart.boxes) == 2
    assert chart.summary == "16 predictions in all, at most 8 in one bar."


def test_a_pointer_is_told_what_stands_there() -> None:
    titles = [column.title for column in traffic.predictions(overview()).columns]
    assert titles[:2] == ["11:00\nno requests", "11:05\npredictions 8"]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=40), "minute"),
        (timedelta(hours=1), "5 min"),
        (timedelta(hours=48), "hour"),
        (timedelta(days=7), "6 h"),
        (timedelta(days=30), "day"),
        (timedelta(days=400), "week"),
    ],
)
def test_it_says_how_wide_a_bar_is(span: timedelta, words: str) -> None:
    assert traffic.bucket_in_words(Period.last(span, NOON)) == words


def test_errors_tell_refused_from_failed() -> None:
    chart = traffic.errors(overview())
    assert [box.tone for box in chart.boxes] == ["two", "three", "two", "three"]


def test_no_errors_is_good_news() -> None:
    fine = overview(client_errors=0, server_errors=0)
    assert traffic.errors(fine).empty == "None: all 20 requests were answered."


def test_the_heat_map_has_every_hour_of_a_week() -> None:
    chart = traffic.week(overview())
    assert len(chart.boxes) == 7 * 24
    assert chart.summary == "Most on Tue from 11:00: 16 predictions."


def test_a_little_is_not_shaded_like_nothing() -> None:
    heat = [[0] * 24 for _ in range(7)]
    heat[0][0], heat[0][1] = 1, 1000
    tones = [box.tone for box in traffic.week(overview(heat=heat)).boxes]
    assert tones[:3] == ["shade-1", "shade-5", "shade-0"]


def test_yes_and_no_are_shares_of_what_was_answered() -> None:
    chart = people.answers(overview())
    assert [box.width for box in chart.boxes] == ["25%", "75%"]
    assert [key.value for key in chart.keys] == ["25.0% · 4", "75.0% · 12"]


def test_the_histogram_shows_from_where_on_the_answer_is_yes() -> None:
    chart = people.probabilities(overview())
    assert [rule.x for rule in chart.rules] == ["17%"]
    assert chart.summary == "The most common probability is 5%–10%."


def test_the_charts_need_no_model(settings: Settings) -> None:
    settings.MODEL_PATH = "nowhere.pkl"
    chart = people.probabilities(overview())
    assert (chart.rules, people.answers(overview()).note) == ([], "")


def test_latency_has_a_line_for_each_percentile() -> None:
    chart = cost.latency(overview())
    assert [(key.label, key.tone) for key in chart.keys] == [
        ("p99", "three"),
        ("p95", "two"),
        ("p50", "one"),
    ]
    assert chart.table is not None
    assert chart.table.rows[0] == ["11:05", "9.00 ms", "5.00 ms", "2.00 ms"]


def test_a_threshold_is_drawn_where_the_axis_reaches_it() -> None:
    slow = Slice(NOON, requests=1, cpu_ms=150)
    assert [rule.label for rule in cost.cpu(overview([slow])).rules] == ["warning", "critical"][:1]
    assert cost.cpu(overview()).rules == []


def test_the_mean_counts_requests_and_not_buckets() -> None:
    slices = [Slice(NOON, requests=9, cpu_ms=1), Slice(NOON, requests=1, cpu_ms=11)]
    assert cost.cpu(overview(slices)).summary == "Mean 2.00 ms; at most 11.0 ms."


def test_functions_are_told_with_their_place_and_share() -> None:
    first, second = cost.functions(overview())
    assert (first.name, first.place, first.time, first.bar) == ("slow", "a.py:1", "40.0 ms", "100%")
    assert second.bar == "25%"


@pytest.mark.parametrize(
    ("function", "name", "place"),
    [
        ("{method 'x' of 'y' objects}", "{method 'x' of 'y' objects}", ""),
        ("~:0(<built-in method f>)", "<built-in method f>", "~:0"),
        ("", "", ""),
    ],
)
def test_a_function_of_another_form_is_shown_as_it_is(function: str, name: str, place: str) -> None:
    (row,) = cost.function_rows([(function, 1, 0)])
    assert (row.name, row.place, row.bar) == (name, place, "0%")


def test_the_rate_is_of_the_time_that_was_counted() -> None:
    assert predictions_an_hour(overview(), NOON) == 16
    since = NOON - timedelta(minutes=30)
    assert predictions_an_hour(overview(reaches_back_to=since), NOON) == 32
    assert predictions_an_hour(overview(), HOUR.start + timedelta(minutes=15)) == 64


def test_the_period_in_six_numbers() -> None:
    assert [(tile.value, tile.detail) for tile in tiles(overview(), NOON)] == [
        ("16", "16 an hour"),
        ("25.0%", "4 of 16"),
        ("20", "batches count once"),
        ("2.50 ms", "single requests"),
        ("5.00 ms", "single requests"),
        ("20.0%", "2 refused, 2 failed"),
    ]


def test_numbers_of_nothing_are_dashes_and_not_zero() -> None:
    assert [tile.value for tile in tiles(nothing(), NOON)] == ["0", "–", "0", "–", "–", "–"]


def test_one_bucket_is_enough() -> None:
    chart = cost.latency(overview([BUSY]))
    assert [dot.x for dot in chart.dots] == ["50%"] * 3


def test_all_zero_is_measured() -> None:
    zero = Slice(NOON, requests=1, cpu_ms=0)
    chart = cost.cpu(overview([zero, zero, QUIET]))
    assert chart.empty == ""
    assert chart.paths[0].d.endswith(" 1000")
