from operator import attrgetter

import pytest

from benchmarks.results import Ran, Spread, ratio
from tests.benchmarks.turns import turns

_ONE, _OTHER = Ran("one", 1), Ran("other", 1)


def test_it_takes_the_median_the_least_and_the_most() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)


def test_it_shows_the_median_before_the_spread() -> None:
    assert str(Spread(0.654, 0.6, 0.7)) == "0.65 (0.60 to 0.70)"


def test_it_takes_a_ratio_within_each_round() -> None:
    # The machine was ten times slower in the second round: of both.
    results = {_ONE: turns(p50_ms=(1.0, 10.0)), _OTHER: turns(p50_ms=(2.0, 20.0))}
    assert ratio(results, _ONE, _OTHER, attrgetter("p50_ms")) == Spread(0.5, 0.5, 0.5)


def test_it_refuses_a_ratio_of_different_numbers_of_rounds() -> None:
    results = {_ONE: turns(p50_ms=(1.0, 1.0)), _OTHER: turns(p50_ms=(1.0,))}
    with pytest.raises(ValueError, match="zip"):
        ratio(results, _ONE, _OTHER, attrgetter("p50_ms"))
