import numpy as np
import pytest

from predictions.training.intervals import with_intervals

VALUES = np.random.default_rng(5).normal(10, 2, 400)


def test_its_interval_is_about_two_standard_errors_wide() -> None:
    figure = with_intervals(lambda drawn: {"mean": float(VALUES[drawn].mean())}, 400)["mean"]
    error = VALUES.std() / np.sqrt(400)
    assert figure["high"] - figure["low"] == pytest.approx(2 * 1.96 * error, rel=0.15)


def test_its_value_is_that_of_all_rows() -> None:
    figure = with_intervals(lambda drawn: {"mean": float(VALUES[drawn].mean())}, 400)["mean"]
    assert figure["value"] == round(float(VALUES.mean()), 4)


def test_it_gives_the_same_each_time() -> None:
    first, second = (
        with_intervals(lambda drawn: {"mean": float(VALUES[drawn].mean())}, 400) for _ in "ab"
    )
    assert first == second
