"""The Prometheus rules: made from the table of alerts, judged by Prometheus' own evaluation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitoring.alerts.definitions import ALERTS, Kind
from monitoring.metrics import rules
from tests.monitoring.metrics.promtool import (
    RULES,
    check_rules,
    expect_firing,
    grown,
    histogram,
    needs_promtool,
    series,
)

DURATION = "heartrisk_request_duration_seconds"
PREDICT = {"path": "/predict", "status": "200"}


def alerting() -> list[dict[str, Any]]:
    (group,) = rules.rules()["groups"]
    return [rule for rule in group["rules"] if "alert" in rule]


def latency(means_ms: Sequence[float], requests: float = 60) -> list[dict[str, str]]:
    return histogram(DURATION, [mean / 1000 for mean in means_ms], requests, **PREDICT)


def test_each_alert_has_a_warning_and_a_critical_rule() -> None:
    found = [(rule["alert"], rule["labels"]["severity"]) for rule in alerting()]
    expected = [(rules.alert_name(a), s) for a in ALERTS for s in ("warning", "critical")]
    assert found == expected


def test_each_rule_leads_to_its_alerts_place_in_the_runbook() -> None:
    links = {rule["annotations"]["runbook_url"] for rule in alerting()}
    assert links == {f"docs/monitoring.md#{alert.runbook}" for alert in ALERTS}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_a_rule_waits_as_long_as_its_alert(alert: Any) -> None:
    waits = {rule.get("for") for rule in alerting() if rule["alert"] == rules.alert_name(alert)}
    assert waits == {f"{alert.holds_for.total_seconds():.0f}s" if alert.holds_for else None}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_what_is_measured_of_requests_leaves_out_batches_where_the_alert_does(alert: Any) -> None:
    (group,) = rules.rules()["groups"]
    (value,) = [r["expr"] for r in group["rules"] if r.get("record") == rules.recorded(alert)]
    assert ("/predict_batch" in value) == (
        alert.kind is not Kind.NUMBER and not alert.without_batches
    )


def test_the_file_holds_what_the_table_says() -> None:
    assert yaml.safe_load(RULES.read_text(encoding="utf-8")) == rules.rules()


@needs_promtool
def test_prometheus_reads_the_file(tmp_path: Path) -> None:
    assert f"{3 * len(ALERTS)} rules found" in check_rules(rules.rules(), tmp_path)


@needs_promtool
def test_slow_answers_fire_after_two_windows(tmp_path: Path) -> None:
    inputs = latency([150] * 20)
    expect_firing("HeartriskLatency", inputs, {4: [], 12: ["warning"]}, tmp_path)


@needs_promtool
def test_very_slow_answers_are_critical_too(tmp_path: Path) -> None:
    inputs = latency([250] * 20)
    expect_firing("HeartriskLatency", inputs, {12: ["warning", "critical"]}, tmp_path)


@needs_promtool
def test_a_slow_spell_that_is_shorter_than_that_does_not_fire(tmp_path: Path) -> None:
    inputs = latency([20] * 10 + [150] * 4 + [20] * 20)
    expect_firing("HeartriskLatency", inputs, {key: [] for key in range(10, 30)}, tmp_path)


@needs_promtool
def test_it_goes_on_firing_until_it_is_clearly_below_and_does_not_flap(tmp_path: Path) -> None:
    near = [90, 105, 90, 102, 90, 90]
    inputs = latency([150] * 15 + near * 4 + [50] * 20)
    expected: dict[int, list[str]] = {key: ["warning"] for key in range(12, 40)}
    expect_firing("HeartriskLatency", inputs, expected | {46: [], 58: []}, tmp_path)


@needs_promtool
def test_what_is_nearly_slow_does_not_begin_to_fire(tmp_path: Path) -> None:
    inputs = latency([90] * 30)
    expect_firing("HeartriskLatency", inputs, {key: [] for key in range(0, 30, 3)}, tmp_path)


@needs_promtool
@pytest.mark.parametrize(("a_minute", "fires"), [(3, []), (5, ["warning"])])
def test_few_requests_say_little(a_minute: float, fires: list[str], tmp_path: Path) -> None:
    inputs = latency([150] * 20, requests=a_minute)
    expect_firing("HeartriskLatency", inputs, {15: fires}, tmp_path)


@needs_promtool
def test_a_slow_batch_is_not_slow(tmp_path: Path) -> None:
    inputs = histogram(DURATION, [3.0] * 20, path="/predict_batch", status="200")
    expect_firing("HeartriskLatency", inputs, {15: []}, tmp_path)


@needs_promtool
def test_health_checks_do_not_make_slow_predictions_look_fast(tmp_path: Path) -> None:
    probes = histogram(DURATION, [0.001] * 20, 600, path="/health/live", status="200")
    inputs = [*latency([150] * 20), *probes]
    expect_firing("HeartriskLatency", inputs, {15: ["warning"]}, tmp_path)


@needs_promtool
@pytest.mark.parametrize(
    ("alert", "name", "mean"),
    [
        ("HeartriskCpu", "heartrisk_request_cpu_seconds", 0.15),
        ("HeartriskInference", "heartrisk_inference_duration_seconds", 0.07),
        ("HeartriskMemoryDelta", "heartrisk_request_memory_growth_bytes", 60 * 1024 * 1024),
    ],
)
def test_costs_are_compared_in_the_alerts_unit(
    alert: str, name: str, mean: float, tmp_path: Path
) -> None:
    inputs = histogram(name, [mean] * 20, path="/predict")
    expect_firing(alert, inputs, {15: ["warning"]}, tmp_path)


@needs_promtool
@pytest.mark.parametrize(
    ("failing", "fires"), [(0.3, []), (2, ["warning"]), (10, ["warning", "critical"])]
)
def test_the_share_of_failures_is_in_percent(
    failing: float, fires: list[str], tmp_path: Path
) -> None:
    about = {"method": "POST", "path": "/predict"}
    inputs = [
        series("heartrisk_requests_total", grown([100 - failing] * 20), **about, status="200"),
        series("heartrisk_requests_total", grown([failing] * 20), **about, status="500"),
    ]
    expect_firing("HeartriskErrorRate", inputs, {15: fires}, tmp_path)


@needs_promtool
def test_a_refused_input_is_no_failure(tmp_path: Path) -> None:
    about = {"method": "POST", "path": "/predict", "status": "400"}
    inputs = [series("heartrisk_requests_total", grown([100] * 20), **about)]
    expect_firing("HeartriskErrorRate", inputs, {15: []}, tmp_path)


@needs_promtool
def test_a_number_fires_at_its_threshold_and_after_its_time(tmp_path: Path) -> None:
    inputs = [series("heartrisk_pipeline_lag_seconds", [0, 60, 60, 60, 50, 47, 47])]
    expected: dict[int, list[str]] = {1: [], 2: ["warning"], 3: ["warning"], 4: ["warning"]}
    expect_firing("HeartriskPipelineLag", inputs, expected | {5: [], 6: []}, tmp_path)


@needs_promtool
@pytest.mark.parametrize(
    ("alert", "name", "fires"),
    [
        ("HeartriskDeadLetters", "heartrisk_dead_letters", ["warning"]),
        ("HeartriskDrift", "heartrisk_drift_inputs", ["warning"]),
    ],
)
def test_one_is_enough_at_once(alert: str, name: str, fires: list[str], tmp_path: Path) -> None:
    inputs = [series(name, [0, 1, 1, 0])]
    expect_firing(alert, inputs, {0: [], 1: fires, 3: []}, tmp_path)


@needs_promtool
def test_what_redis_lost_is_news_for_a_day(tmp_path: Path) -> None:
    inputs = [
        series("heartrisk_lost", [0] * 10 + [7] * 1500),
        series("heartrisk_spool_dropped", [0] * 1510),
    ]
    expected: dict[int, list[str]] = {5: [], 10: ["warning", "critical"]}
    expected |= {1440: ["warning", "critical"], 1455: []}
    expect_firing("HeartriskLost", inputs, expected, tmp_path, every="5m")


@needs_promtool
def test_what_a_full_spool_dropped_is_news_until_its_record_is_moved_away(tmp_path: Path) -> None:
    dropped = [5] * 1500 + [0] * 10
    inputs = [series(name, dropped) for name in ("heartrisk_lost", "heartrisk_spool_dropped")]
    expected: dict[int, list[str]] = {1495: ["warning", "critical"], 1505: []}
    expect_firing("HeartriskLost", inputs, expected, tmp_path, every="5m")


@needs_promtool
def test_each_site_is_judged_by_itself(tmp_path: Path) -> None:
    fine = [
        {**one, "series": one["series"].replace("one:8000", "two:8000")}
        for one in latency([10] * 20, requests=6000)
    ]
    expect_firing("HeartriskLatency", [*latency([150] * 20), *fine], {15: ["warning"]}, tmp_path)
