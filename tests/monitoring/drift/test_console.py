import numpy as np

from monitoring.drift.console import as_table
from monitoring.drift.report import report_of
from tests.monitoring.drift.people import DAY, NOW, drawn, older_people, reference, sample_of


def lines(people_are: str = "older") -> list[str]:
    people = older_people() if people_are == "older" else drawn(20, np.random.default_rng(1))
    return as_table(report_of(reference(), sample_of(people), DAY, NOW)).splitlines()


def line_of(name: str, found: list[str]) -> str:
    return next(line for line in found if f" {name} " in line)


def test_the_title_says_what_was_compared() -> None:
    title = " ".join(" ".join(lines()).split()).partition("┏")[0]
    assert title.startswith("DRIFT: 600 of 600 predictions from 2026-11-24 12:00 to 2026-11-25")
    assert reference().manifest.model_version in title


def test_each_figure_has_a_line() -> None:
    assert "DRIFT" in line_of("AGE", lines())
    assert "ok" in line_of("GENDER", lines())
    assert "DRIFT" in line_of("probability", lines())


def test_it_says_where_it_is_what_is_missing() -> None:
    assert "DRIFT (missing)" in line_of("GLUCOSE", lines())
    assert "100.0%" in line_of("GLUCOSE", lines())


def test_what_was_not_measured_is_a_dash() -> None:
    assert "not enough data" in line_of("AGE", lines("few"))
    assert " - " in line_of("AGE", lines("few"))


def test_it_fits_a_terminal_of_a_hundred_columns() -> None:
    assert max(map(len, lines())) <= 100


def test_predictions_of_another_model_are_told() -> None:
    sample = sample_of(drawn(20, np.random.default_rng(1)), ["0.9+old"] * 20)
    text = as_table(report_of(reference(), sample, DAY, NOW))
    assert "20 of another model left out" in " ".join(text.split())
