import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from scipy.stats import binomtest

from predictions.training.framingham import TrainingError
from predictions.training.reliability import draw, tenths, wilson

PROBABILITY = np.random.default_rng(3).uniform(0.01, 0.5, 1005)
OUTCOME = (np.random.default_rng(4).uniform(size=1005) < PROBABILITY).astype(float)


def test_it_cuts_the_people_into_tenths_by_their_probability() -> None:
    predicted, _, people = tenths(PROBABILITY, OUTCOME)
    assert (np.diff(predicted) > 0).all()
    assert people.sum() == 1005
    assert set(people) == {100, 101}


def test_it_counts_those_who_fell_ill_in_each_tenth() -> None:
    _, observed, people = tenths(PROBABILITY, OUTCOME)
    assert (observed * people).sum() == pytest.approx(OUTCOME.sum())


@pytest.mark.parametrize(("ill", "people"), [(0, 50), (3, 50), (25, 50), (50, 50)])
def test_its_limits_are_wilsons(ill: int, people: int) -> None:
    low, high = wilson(np.array([ill / people]), np.array([float(people)]))
    theirs = binomtest(ill, people).proportion_ci(method="wilson")
    assert (low[0], high[0]) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_it_draws_an_svg_with_a_mark_for_each_tenth(tmp_path: Path) -> None:
    draw(tmp_path / "plot.svg", PROBABILITY, OUTCOME)
    # Our own file, drawn a line above.
    text = ElementTree.parse(tmp_path / "plot.svg").getroot()  # noqa: S314
    assert "Observed share with coronary heart disease" in "".join(text.itertext())


def test_it_draws_the_same_file_each_time(tmp_path: Path) -> None:
    for name in ("first.svg", "second.svg"):
        draw(tmp_path / name, PROBABILITY, OUTCOME)
    assert (tmp_path / "first.svg").read_bytes() == (tmp_path / "second.svg").read_bytes()


def test_it_says_how_to_install_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(TrainingError, match="`make train` installs it"):
        draw(tmp_path / "plot.svg", PROBABILITY, OUTCOME)
